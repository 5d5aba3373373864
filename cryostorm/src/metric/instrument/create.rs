//! How code asks for instruments.

use std::borrow::Cow;
use std::sync::Arc;

use opentelemetry::Context;
use opentelemetry::metrics::{AsyncInstrument, Counter, Gauge, Histogram, UpDownCounter};

use crate::Telemetry;
use crate::catalogue::InstrumentKind;
use crate::guarded::caught;
use crate::instrument::may_observe;

use super::InstrumentError;
use super::deferred::Deferred;
use super::registry::{self, Maker};

macro_rules! create {
    ($($(#[$doc:meta])* $create:ident: $kind:ident, $instrument:ident<$value:ty>, $make:ident;)*) => {$(
        $(#[$doc])*
        pub fn $create(
            &self,
            name: impl Into<Cow<'static, str>>,
            description: impl Into<Cow<'static, str>>,
            unit: impl Into<Cow<'static, str>>,
        ) -> Result<$instrument<$value>, InstrumentError> {
            let (name, description, unit) = (name.into(), description.into(), unit.into());
            registry::shared(InstrumentKind::$kind, &name.clone(), unit.clone(), || {
                let deferred = Deferred::<$instrument<$value>>::default();
                let handle = $instrument::new(Arc::new(deferred.clone()));
                let maker = Maker::shared(move |telemetry, meter| {
                    let instrument = meter.$make(name.clone());
                    let instrument = instrument.with_description(description.clone()).with_unit(unit.clone());
                    deferred.set(telemetry, instrument.build());
                });
                (handle, maker)
            })
        }
    )*};
}

macro_rules! observe {
    ($($(#[$doc:meta])* $create:ident: $kind:ident, $value:ty, $make:ident;)*) => {$(
        $(#[$doc])*
        pub fn $create(
            &self,
            name: impl Into<Cow<'static, str>>,
            description: impl Into<Cow<'static, str>>,
            unit: impl Into<Cow<'static, str>>,
            observe: impl Fn(&dyn AsyncInstrument<$value>) + Send + Sync + 'static,
        ) -> Result<(), InstrumentError> {
            let (name, description, unit) = (name.into(), description.into(), unit.into());
            let observe = Arc::new(observe);
            registry::observed(InstrumentKind::$kind, &name.clone(), unit.clone(), Maker::observed(move |_, meter| {
                let observe = Arc::clone(&observe);
                let instrument = meter.$make(name.clone());
                let instrument = instrument.with_description(description.clone()).with_unit(unit.clone());
                // The SDK does not collect again after a callback has panicked.
                instrument.with_callback(move |observer| {
                    // An instrument that it made would wait for the collection that asks it.
                    let _suppressed = may_observe().then(Context::enter_telemetry_suppressed_scope);
                    caught(|| observe(observer));
                }).build();
            }))
        }
    )*};
}

/// Instruments by name. One that is asked for before a Telemetry is installed works from then on, and also after another
/// has taken its place; without one, and where telemetry is suppressed, it does nothing.
///
/// The unit is in [UCUM](https://ucum.org/ucum), such as `{request}`, `By` or `s`. Whoever asks for the same name and kind
/// gets the same instrument, with the description of the first.
impl Telemetry {
    create! {
        /// A counter: a sum that only rises.
        ///
        /// ```
        /// # fn main() -> Result<(), cryostorm::metric::InstrumentError> {
        /// let telemetry = cryostorm::Telemetry::global();
        /// let placed = telemetry.create_counter("orders.placed", "Orders placed.", "{order}")?;
        /// placed.add(1, &[]);
        /// # Ok(())
        /// # }
        /// ```
        ///
        /// # Errors
        ///
        /// [`InstrumentError`] for a name or a unit that is none, where the name belongs to another kind of instrument or has
        /// another unit, and when there are 10,000 already.
        create_counter: Counter, Counter<u64>, u64_counter;

        /// An up-down counter: a sum that rises and falls.
        ///
        /// # Errors
        ///
        /// As [`create_counter`](Self::create_counter).
        create_up_down_counter: UpDownCounter, UpDownCounter<i64>, i64_up_down_counter;

        /// A histogram: how values are distributed.
        ///
        /// # Errors
        ///
        /// As [`create_counter`](Self::create_counter).
        create_histogram: Histogram, Histogram<f64>, f64_histogram;

        /// A gauge: the latest value.
        ///
        /// # Errors
        ///
        /// As [`create_counter`](Self::create_counter).
        create_gauge: Gauge, Gauge<f64>, f64_gauge;
    }

    observe! {
        /// A counter whose sum is looked up at each collection. Each call adds one who looks; what they observe of one set of
        /// attributes should be disjoint. One that panics observes nothing.
        ///
        /// ```
        /// use std::sync::atomic::{AtomicU64, Ordering};
        ///
        /// static BYTES: AtomicU64 = AtomicU64::new(0);
        ///
        /// # fn main() -> Result<(), cryostorm::metric::InstrumentError> {
        /// let telemetry = cryostorm::Telemetry::global();
        /// telemetry.create_observable_counter("disk.read", "Bytes read.", "By", |observer| {
        ///     observer.observe(BYTES.load(Ordering::Relaxed), &[]);
        /// })?;
        /// # Ok(())
        /// # }
        /// ```
        ///
        /// # Errors
        ///
        /// As [`create_counter`](Self::create_counter).
        create_observable_counter: ObservableCounter, u64, u64_observable_counter;

        /// An up-down counter whose sum is looked up at each collection: see
        /// [`create_observable_counter`](Self::create_observable_counter).
        ///
        /// # Errors
        ///
        /// As [`create_counter`](Self::create_counter).
        create_observable_up_down_counter: ObservableUpDownCounter, i64, i64_observable_up_down_counter;

        /// A gauge whose value is looked up at each collection: see
        /// [`create_observable_counter`](Self::create_observable_counter).
        ///
        /// # Errors
        ///
        /// As [`create_counter`](Self::create_counter).
        create_observable_gauge: ObservableGauge, f64, f64_observable_gauge;
    }
}
