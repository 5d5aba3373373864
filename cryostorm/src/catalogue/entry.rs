//! What the catalogue knows of a span and of a metric.

use std::fmt;

use opentelemetry::trace::SpanKind;

use super::{AttributeEntry, Source};

/// A span that an annotated function makes.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SpanEntry {
    /// Its name, with the braces of values that are put in at run time.
    pub name: String,
    /// Its role in the trace.
    pub kind: SpanKind,
    /// Its attributes.
    pub attributes: Vec<AttributeEntry>,
    /// Where it is declared.
    pub source: Source,
}

impl SpanEntry {
    /// A span without attributes.
    ///
    /// ```
    /// use cryostorm::catalogue::{AttributeEntry, AttributeValues, Source, SpanEntry};
    /// use cryostorm::opentelemetry::trace::SpanKind;
    ///
    /// let span = SpanEntry::new("charge", SpanKind::Client, Source::new("shop::charge", "src/shop.rs", 7))
    ///     .with_attributes([AttributeEntry::new("order.id", AttributeValues::Unbounded { limit: None })]);
    /// assert_eq!(span.source.to_string(), "shop::charge (src/shop.rs:7)");
    /// ```
    pub fn new(name: impl Into<String>, kind: SpanKind, source: Source) -> Self {
        Self { name: name.into(), kind, attributes: Vec::new(), source }
    }

    /// Adds attributes.
    #[must_use]
    pub fn with_attributes(mut self, attributes: impl IntoIterator<Item = AttributeEntry>) -> Self {
        self.attributes.extend(attributes);
        self
    }
}

/// A metric, as one place declares it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MetricEntry {
    /// The name of the instrument.
    pub name: String,
    /// The kind of the instrument.
    pub kind: InstrumentKind,
    /// The type of its values.
    pub number: NumberType,
    /// The unit, in [UCUM](https://ucum.org); empty where there is none.
    pub unit: String,
    /// What it measures.
    pub description: String,
    /// Its attributes.
    pub attributes: Vec<AttributeEntry>,
    /// The bounds of a histogram's buckets, in its unit. `None`: the SDK's.
    pub buckets: Option<Vec<f64>>,
    /// What is promised of it.
    pub objective: Option<Objective>,
    /// Where it is declared.
    pub source: Source,
}

impl MetricEntry {
    /// A metric without unit, description, attributes, buckets and objective.
    ///
    /// ```
    /// use cryostorm::catalogue::{InstrumentKind, MetricEntry, Objective, Source};
    ///
    /// let source = Source::new("shop::charge", "src/shop.rs", 7);
    /// let metric = MetricEntry::new("function.duration", InstrumentKind::Histogram, source)
    ///     .with_unit("s")
    ///     .with_description("Durations of annotated functions.")
    ///     .with_buckets([0.1, 0.25, 1.0])
    ///     .with_objective(Objective::Latency { seconds: 0.25, target: 0.99 });
    /// assert_eq!(metric.buckets, Some(vec![0.1, 0.25, 1.0]));
    /// ```
    pub fn new(name: impl Into<String>, kind: InstrumentKind, source: Source) -> Self {
        Self {
            name: name.into(),
            kind,
            number: NumberType::of(kind),
            unit: String::new(),
            description: String::new(),
            attributes: Vec::new(),
            buckets: None,
            objective: None,
            source,
        }
    }

    /// Sets the type of the values. Default: `u64` for counters, `i64` for up-down counters, `f64` for others.
    #[must_use]
    pub fn with_number(mut self, number: NumberType) -> Self {
        self.number = number;
        self
    }

    /// Sets the unit.
    #[must_use]
    pub fn with_unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = unit.into();
        self
    }

    /// Sets the description.
    #[must_use]
    pub fn with_description(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// Adds attributes.
    #[must_use]
    pub fn with_attributes(mut self, attributes: impl IntoIterator<Item = AttributeEntry>) -> Self {
        self.attributes.extend(attributes);
        self
    }

    /// Sets the bounds of the buckets.
    #[must_use]
    pub fn with_buckets(mut self, bounds: impl IntoIterator<Item = f64>) -> Self {
        self.buckets = Some(bounds.into_iter().collect());
        self
    }

    /// Sets the objective.
    #[must_use]
    pub fn with_objective(mut self, objective: Objective) -> Self {
        self.objective = Some(objective);
        self
    }
}

/// The kind of an instrument, as the
/// [specification](https://opentelemetry.io/docs/specs/otel/metrics/api/#instrument) has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InstrumentKind {
    /// A sum that only rises.
    Counter,
    /// A sum that rises and falls.
    UpDownCounter,
    /// The last value.
    Gauge,
    /// A distribution.
    Histogram,
    /// A sum that only rises, read when metrics are collected.
    ObservableCounter,
    /// A sum that rises and falls, read when metrics are collected.
    ObservableUpDownCounter,
    /// The last value, read when metrics are collected.
    ObservableGauge,
}

impl InstrumentKind {
    pub(super) fn is_observable(self) -> bool {
        matches!(self, Self::ObservableCounter | Self::ObservableUpDownCounter | Self::ObservableGauge)
    }
}

impl fmt::Display for InstrumentKind {
    /// The specification's name, in lower case: `observable up-down counter`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Counter => "counter",
            Self::UpDownCounter => "up-down counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
            Self::ObservableCounter => "observable counter",
            Self::ObservableUpDownCounter => "observable up-down counter",
            Self::ObservableGauge => "observable gauge",
        })
    }
}

/// The type of the values of an instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NumberType {
    /// Whole numbers that are not negative.
    U64,
    /// Whole numbers.
    I64,
    /// Numbers.
    F64,
}

impl NumberType {
    /// That of the instruments that annotated functions and [`Telemetry`](crate::Telemetry) make.
    pub(crate) fn of(kind: InstrumentKind) -> Self {
        match kind {
            InstrumentKind::Counter | InstrumentKind::ObservableCounter => Self::U64,
            InstrumentKind::UpDownCounter | InstrumentKind::ObservableUpDownCounter => Self::I64,
            InstrumentKind::Gauge | InstrumentKind::ObservableGauge | InstrumentKind::Histogram => Self::F64,
        }
    }
}

impl fmt::Display for NumberType {
    /// As in Rust: `u64`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::U64 => "u64",
            Self::I64 => "i64",
            Self::F64 => "f64",
        })
    }
}

/// What is promised of a function's calls, over any window of time.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Objective {
    /// The share of calls that take no longer. It belongs to a histogram in a unit of time, and the time must be the
    /// bound of one of its buckets: nothing finer can be told from a histogram.
    Latency {
        /// The time, in seconds.
        seconds: f64,
        /// The share, above 0 and below 1.
        target: f64,
    },
    /// The share of calls without `error.type`.
    Success {
        /// The share, above 0 and below 1.
        target: f64,
    },
}

impl fmt::Display for Objective {
    /// `99% within 0.25 s`, `99.9% succeed`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Four decimals of a percentage, because 0.29 × 100 is not 29.
        let percent = |target: f64| (target * 1e6).round() / 1e4;
        match self {
            Self::Latency { seconds, target } => write!(f, "{}% within {seconds} s", percent(*target)),
            Self::Success { target } => write!(f, "{}% succeed", percent(*target)),
        }
    }
}
