//! The only path that an expansion may name. Not for people, and free to change.

use std::any::type_name;

use crate::guarded::caught;
use crate::instrument::{DURATION_BOUNDS, is_same, per_second};

pub use core;
pub use std::boxed::Box;
pub use std::format;

pub use futures_core::Stream;
pub use opentelemetry::trace::SpanKind;

pub use opentelemetry::Value;

pub use crate::catalogue::InstrumentKind;
pub use crate::instrument::{
    ActiveCall, Attributes, Bounded, Call, CallFuture, CallSite, CallStream, CounterSite, Debugged,
    Declaration, DeclaredAttribute, DeclaredMetric, DeclaredValues, Frame, Guard, HistogramSite, Index,
    LatencyObjective, Literal, MeasuredCall, Metric, MetricAttribute, MetricEnum, MetricSource, Number, On,
    Outcome, RecordError, Shown, SpanSite, StaticAttribute, StaticValue, Texts,
};
pub use crate::metric::{
    Counter, Gauge, Histogram, ObservableCounter, ObservableGauge, ObservableUpDownCounter, UpDownCounter,
};

/// Calls the body of a synchronous function. A closure called on the spot would be taken for one that may be called
/// again, and so could not hand out what it captured.
#[inline(always)]
pub fn once<R>(body: impl FnOnce() -> R) -> R {
    body()
}

/// Tells an async block what it returns, where no run ever comes.
///
/// # Panics
///
/// Always.
#[must_use]
pub fn returned<T>() -> T {
    unreachable!("this stands where no run comes")
}

/// What `error_type` calls an error. If that panics, which is no business of the function's, it is the error's type.
pub fn error_type<E: ?Sized>(error: &E, name: impl FnOnce(&E) -> &'static str) -> &'static str {
    caught(|| name(error)).unwrap_or_else(type_name::<E>)
}

/// The name of an instrument, checked when it is evaluated, which for constants is when the program is compiled.
///
/// # Panics
///
/// Where it is not in OpenTelemetry's syntax of instrument names.
#[must_use]
#[track_caller]
pub const fn metric_name(name: &'static str) -> &'static str {
    let mut rest = name.as_bytes();
    assert!(
        matches!(rest, [first, ..] if first.is_ascii_alphabetic()),
        "a metric name starts with an ASCII letter"
    );
    assert!(rest.len() <= 255, "a metric name has at most 255 characters");
    while let [first, others @ ..] = rest {
        assert!(
            first.is_ascii_alphanumeric() || matches!(first, b'_' | b'.' | b'-' | b'/'),
            "a metric name has only ASCII letters, digits, `_`, `.`, `-` and `/`"
        );
        rest = others;
    }
    name
}

/// A latency that a bucket ends at, checked when it is evaluated, which for constants is when the program is compiled.
///
/// # Panics
///
/// Where no bucket ends there: a histogram does not tell how many calls took no longer.
#[must_use]
#[track_caller]
pub const fn latency(bounds: &'static [f64], latency: f64) -> f64 {
    assert!(
        ends_at(bounds, 1.0, latency),
        "no bucket ends at this latency, so what took longer is not told apart: write a bound of one of the `buckets`"
    );
    latency
}

/// A latency in a unit of time that a bucket ends at where none are given, checked like others.
///
/// # Panics
///
/// Where no bucket ends there.
#[must_use]
#[track_caller]
pub const fn latency_by_default(unit: &str, latency: f64) -> f64 {
    let per_second = match per_second(unit) {
        Some(per_second) => per_second,
        None => 1.0,
    };
    assert!(
        ends_at(&DURATION_BOUNDS, per_second, latency),
        "no bucket ends at this latency, so what took longer is not told apart: write one of 0.005, 0.01, 0.025, 0.05, \
         0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5 and 10 seconds, or `buckets` with the latency among them"
    );
    latency
}

/// Whether one of these bounds, in a unit of which the latency's has so many, is the latency.
const fn ends_at(mut bounds: &[f64], per_unit: f64, latency: f64) -> bool {
    while let [bound, rest @ ..] = bounds {
        if is_same(*bound * per_unit, latency) {
            return true;
        }
        bounds = rest;
    }
    false
}

/// The bounds of a histogram, checked when they are evaluated, which for constants is when the program is compiled.
///
/// # Panics
///
/// Where they do not rise, or are not finite.
#[must_use]
#[track_caller]
pub const fn buckets(bounds: &'static [f64]) -> &'static [f64] {
    let mut rest = bounds;
    assert!(matches!(rest, [first, ..] if *first >= 0.0), "bucket bounds begin at 0 or above");
    while let [first, others @ ..] = rest {
        assert!(first.is_finite(), "bucket bounds are finite");
        if let [second, ..] = others {
            assert!(*first < *second, "bucket bounds rise");
        }
        rest = others;
    }
    bounds
}
