//! How code asks for instruments.

use std::borrow::Cow;
use std::sync::Arc;

use opentelemetry::metrics::{AsyncInstrument, Counter, Gauge, Histogram, UpDownCounter};

use crate::Telemetry;
use crate::catalogue::InstrumentKind;
use crate::telemetry_exporter::Buckets;

use super::InstrumentError;
use super::deferred::Deferred;
use super::observed::Closures;
use super::registry::{self, Maker};
use super::wanted::Wanted;

macro_rules! create {
    ($($(#[$doc:meta])* $create:ident: $kind:ident, $instrument:ident<$value:ty>, $make:ident$(.$boundaries:ident)?;)*) => {
        /// Instruments by name. One that is asked for before a Telemetry is installed works from then on, and also after another
        /// has taken its place; without one, and where telemetry is suppressed, it does nothing.
        ///
        /// The unit is in [UCUM](https://ucum.org/ucum), such as `{request}`, `By` or `s`. Whoever asks for the same name and kind
        /// gets the same instrument, with the description and the buckets of the first. A metric has at most 1999 attribute sets, and
        /// its texts at most 256 bytes: see [declared metrics](macro@crate::metrics#too-many-series).
        impl Telemetry {$(
            $(#[$doc])*
            pub fn $create(
                &self,
                name: impl Into<Cow<'static, str>>,
                description: impl Into<Cow<'static, str>>,
                unit: impl Into<Cow<'static, str>>,
            ) -> Result<$instrument<$value>, InstrumentError> {
                $create(Wanted::new(InstrumentKind::$kind, name, description, unit))
            }
        )*}

        $(
            pub(crate) fn $create(wanted: Wanted) -> Result<$instrument<$value>, InstrumentError> {
                registry::shared(wanted, |described| {
                    let deferred = Deferred::<$instrument<$value>>::default();
                    let handle = $instrument::new(Arc::new(deferred.clone()));
                    let maker = Maker::shared(move |telemetry, instruments| {
                        let builder = instruments.meter().$make(described.name.clone());
                        let builder = builder.with_description(described.description.clone());
                        let builder = builder.with_unit(described.unit.clone());
                        $(let builder = match &described.buckets {
                            Some(buckets) => builder.$boundaries(buckets.bounds().to_vec()),
                            None => builder,
                        };)?
                        deferred.set(telemetry, builder.build(), instruments.admission(&described.name));
                    });
                    (handle, maker)
                })
            }
        )*
    };
}

macro_rules! observe {
    ($($(#[$doc:meta])* $create:ident: $kind:ident, $value:ty, $make:ident, $both:expr;)*) => {
        impl Telemetry {$(
            $(#[$doc])*
            pub fn $create(
                &self,
                name: impl Into<Cow<'static, str>>,
                description: impl Into<Cow<'static, str>>,
                unit: impl Into<Cow<'static, str>>,
                observe: impl Fn(&dyn AsyncInstrument<$value>) + Send + Sync + 'static,
            ) -> Result<(), InstrumentError> {
                let wanted = Wanted::new(InstrumentKind::$kind, name, description, unit);
                let closures = registry::shared(wanted, |described| {
                    let closures = Closures::<$value>::new(&described.name);
                    let asked = closures.clone();
                    let maker = Maker::observed(move |_, instruments| {
                        let asked = asked.clone();
                        let builder = instruments.meter().$make(described.name.clone());
                        let builder = builder.with_description(described.description.clone());
                        let builder = builder.with_unit(described.unit.clone());
                        builder.with_callback(move |observer| asked.ask(observer, $both)).build();
                    });
                    (closures, maker)
                })?;
                closures.add(observe)
            }
        )*}
    };
}

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

    /// A histogram: how values are distributed. Its buckets are those that a metric of this name has in the program, else in a
    /// unit of time those of the HTTP convention's durations, 5 ms to 10 s, else those of the specification, 0 to 10,000:
    /// [`create_histogram_with_buckets`](Self::create_histogram_with_buckets) takes others.
    ///
    /// # Errors
    ///
    /// As [`create_counter`](Self::create_counter).
    create_histogram: Histogram, Histogram<f64>, f64_histogram.with_boundaries;

    /// A gauge: the latest value.
    ///
    /// # Errors
    ///
    /// As [`create_counter`](Self::create_counter).
    create_gauge: Gauge, Gauge<f64>, f64_gauge;
}

impl Telemetry {
    /// A histogram with buckets of your own.
    ///
    /// ```
    /// use cryostorm::metric::Buckets;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let telemetry = cryostorm::Telemetry::global();
    /// let buckets = Buckets::new([1024.0, 65_536.0, 1_048_576.0])?;
    /// let sizes = telemetry.create_histogram_with_buckets("upload.size", "Sizes of uploads.", "By", buckets)?;
    /// sizes.record(2048.0, &[]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`create_counter`](Self::create_counter), and where the histogram has other buckets already.
    pub fn create_histogram_with_buckets(
        &self,
        name: impl Into<Cow<'static, str>>,
        description: impl Into<Cow<'static, str>>,
        unit: impl Into<Cow<'static, str>>,
        buckets: Buckets,
    ) -> Result<Histogram<f64>, InstrumentError> {
        let wanted = Wanted::new(InstrumentKind::Histogram, name, description, unit);
        create_histogram(Wanted { buckets: Some(buckets), ..wanted })
    }
}

observe! {
    /// A counter whose sum is looked up at each collection. Each call adds one who looks; what they observe of one set of
    /// attributes should be disjoint: the last value counts. One that panics observes nothing more.
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
    create_observable_counter: ObservableCounter, u64, u64_observable_counter, u64::saturating_add;

    /// An up-down counter whose sum is looked up at each collection: see
    /// [`create_observable_counter`](Self::create_observable_counter).
    ///
    /// # Errors
    ///
    /// As [`create_counter`](Self::create_counter).
    create_observable_up_down_counter: ObservableUpDownCounter, i64, i64_observable_up_down_counter, i64::saturating_add;

    /// A gauge whose value is looked up at each collection: see
    /// [`create_observable_counter`](Self::create_observable_counter).
    ///
    /// # Errors
    ///
    /// As [`create_counter`](Self::create_counter).
    create_observable_gauge: ObservableGauge, f64, f64_observable_gauge, |_, latest| latest;
}
