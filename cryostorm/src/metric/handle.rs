//! What the functions of declared metrics return.

use std::fmt;
use std::marker::PhantomData;

use crate::instrument::{
    self, AttributeSet, Bounded, DeclaredMetric, F64Counter, F64Gauge, F64Histogram, F64UpDownCounter,
    I64Gauge, I64UpDownCounter, Observation, Series, U64Counter, U64Gauge, U64Histogram,
};

macro_rules! handles {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[must_use = "this records nothing until it is told a value"]
        pub struct $name<T, S = Bounded> {
            series: Series<S>,
            value: PhantomData<fn(T)>,
        }

        impl<T, S: AttributeSet> $name<T, S> {
            #[doc(hidden)]
            #[inline(always)]
            pub fn of(metric: &'static DeclaredMetric, set: S) -> Self {
                Self { series: Series { metric, set }, value: PhantomData }
            }
        }

        impl<T, S: Copy> Clone for $name<T, S> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<T, S: Copy> Copy for $name<T, S> {}

        impl<T, S> fmt::Debug for $name<T, S> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($name)).field(&self.series.metric.declaration.metric.name).finish()
            }
        }
    )*};
}

handles! {
    /// A sum that only rises: one series of a [declared metric](macro@crate::metrics). Cheap to make and to copy.
    ///
    /// It does nothing before telemetry is installed and where metrics are off, and works from then on.
    Counter

    /// A sum that rises and falls: one series of a [declared metric](macro@crate::metrics). Otherwise like [`Counter`].
    UpDownCounter

    /// The latest of some values: one series of a [declared metric](macro@crate::metrics). Otherwise like [`Counter`].
    Gauge

    /// A distribution of values: one series of a [declared metric](macro@crate::metrics). Otherwise like [`Counter`].
    Histogram

    /// A sum that only rises, and that a closure knows: one series of a [declared metric](macro@crate::metrics).
    ObservableCounter

    /// A sum that rises and falls, and that a closure knows: one series of a [declared metric](macro@crate::metrics).
    ObservableUpDownCounter

    /// A value that a closure knows: one series of a [declared metric](macro@crate::metrics).
    ObservableGauge
}

/// What one type of values can do with one kind of instrument.
macro_rules! recording {
    ($($name:ident<$type:ty>: $(#[$doc:meta])* $method:ident($value:ident) by $kind:ident $(if $condition:expr)?;)*) => {$(
        impl<S: AttributeSet> $name<$type, S> {
            $(#[$doc])*
            #[inline(always)]
            pub fn $method(self, $value: $type) {
                $(if !$condition {
                    return;
                })?
                instrument::record::<$kind, S>(self.series, $value);
            }
        }
    )*};
}

recording! {
    Counter<u64>:
        /// Adds to the sum, which begins at 0 again after 2^64.
        add(value) by U64Counter;
    Counter<f64>:
        /// Adds to the sum. What is below 0 or no finite number is left out.
        add(value) by F64Counter if (value >= 0.0 && value.is_finite());
    UpDownCounter<i64>:
        /// Adds to the sum, or takes from it what is below 0.
        add(value) by I64UpDownCounter;
    UpDownCounter<f64>:
        /// Adds to the sum, or takes from it what is below 0. What is no finite number is left out.
        add(value) by F64UpDownCounter if value.is_finite();
    Gauge<u64>:
        /// Sets the value.
        record(value) by U64Gauge;
    Gauge<i64>:
        /// Sets the value.
        record(value) by I64Gauge;
    Gauge<f64>:
        /// Sets the value, unless it is no finite number.
        record(value) by F64Gauge if value.is_finite();
    Histogram<u64>:
        /// Adds a value to the distribution.
        record(value) by U64Histogram;
    Histogram<f64>:
        /// Adds a value to the distribution, unless it is no finite number.
        record(value) by F64Histogram if value.is_finite();
}

macro_rules! observing {
    ($($name:ident<$type:ty>)*) => {$(
        impl<S: AttributeSet> $name<$type, S> {
            /// Asks the closure at each collection from now on, in place of one that was given for the same attributes
            /// before.
            ///
            /// That goes on until the process ends or what is returned is [stopped](Observation::stop), under each
            /// installation of telemetry, those to come too. The closure runs on the thread that collects, so it must
            /// not wait for long. If it panics, the series has no value in that collection, which is said once; other
            /// metrics go on.
            pub fn observe(self, ask: impl Fn() -> $type + Send + Sync + 'static) -> Observation {
                instrument::observe::<$type, S>(self.series, ask)
            }
        }
    )*};
}

observing! {
    ObservableCounter<u64> ObservableCounter<f64>
    ObservableUpDownCounter<i64> ObservableUpDownCounter<f64>
    ObservableGauge<u64> ObservableGauge<i64> ObservableGauge<f64>
}
