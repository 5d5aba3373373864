//! What is known of a declared metric when it compiles.

use std::sync::atomic::{AtomicU32, Ordering};

use opentelemetry::KeyValue;

use super::super::site::{Metric, StaticAttribute};

/// The declared metrics of this binary and of the crates it is made of, gathered by the linker.
#[linkme::distributed_slice]
pub static DECLARED: [&'static DeclaredMetric];

/// A declared metric.
#[derive(Debug)]
pub struct DeclaredMetric {
    /// What the program says of it.
    pub declaration: Declaration,
    slot: AtomicU32,
}

/// What a program says of a metric.
#[derive(Debug)]
pub struct Declaration {
    /// What it is called, measures in and says of itself.
    pub metric: Metric,
    /// What makes it.
    pub kind: InstrumentKind,
    /// The type of its values.
    pub number: Number,
    /// The arguments of its function, in their order.
    pub attributes: &'static [DeclaredAttribute],
    /// The attributes that are the same for all values.
    pub literals: &'static [StaticAttribute],
    /// The bounds of a histogram's buckets, where they are given.
    pub buckets: Option<&'static [f64]>,
    /// Where it stands.
    pub source: MetricSource,
}

/// Where a metric is declared.
#[derive(Clone, Copy, Debug)]
pub struct MetricSource {
    /// The path of the function.
    pub function: &'static str,
    /// The file.
    pub file: &'static str,
    /// The line of the function's name.
    pub line: u32,
}

/// OpenTelemetry's kinds of instruments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the specification")]
pub enum InstrumentKind {
    Counter,
    UpDownCounter,
    Gauge,
    Histogram,
    ObservableCounter,
    ObservableUpDownCounter,
    ObservableGauge,
}

/// The types that values have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the types")]
pub enum Number {
    U64,
    I64,
    F64,
}

/// An argument of a metric's function.
#[derive(Clone, Copy, Debug)]
pub struct DeclaredAttribute {
    /// The key.
    pub key: &'static str,
    /// What it can be.
    pub values: DeclaredValues,
}

/// What an attribute can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeclaredValues {
    /// True or false.
    Boolean,
    /// One of these, the variants of an enum.
    Known(&'static [&'static str]),
    /// A whole number from the first to the last.
    Range {
        /// The least.
        first: i64,
        /// The greatest.
        last: i64,
    },
    /// A `&'static str`.
    Text,
    /// Any text.
    Unbounded {
        /// How many attribute sets the metric has at most.
        limit: usize,
    },
}

impl DeclaredValues {
    /// How many values there are, where an index tells them apart; 1 for texts.
    pub(super) const fn count(self) -> u64 {
        match self {
            Self::Boolean => 2,
            Self::Known(names) => names.len() as u64,
            Self::Range { first, last } => (last.wrapping_sub(first) as u64).saturating_add(1),
            Self::Text | Self::Unbounded { .. } => 1,
        }
    }

    const fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Unbounded { .. })
    }

    /// The value at a place.
    fn value(self, place: u64) -> opentelemetry::Value {
        match self {
            Self::Boolean => (place == 1).into(),
            Self::Known(names) => names.get(place as usize).copied().unwrap_or_default().into(),
            Self::Range { first, .. } => first.wrapping_add_unsigned(place).into(),
            Self::Text | Self::Unbounded { .. } => "".into(),
        }
    }
}

/// The most attribute sets that one metric's index tells apart: each thread has a place for each.
const MOST_COMBINATIONS: u64 = 16_384;

/// The most series of one metric. With that of what overflows, as many as the SDK keeps apart.
const MOST_SERIES: usize = 1999;

/// No metric has so many values at its start that a program would wonder where they come from.
const MOST_AT_ZERO: u64 = 100;

/// Before metrics are first installed, and where the linker has not gathered the metric.
const NO_SLOT: u32 = u32::MAX;

impl DeclaredMetric {
    /// A metric, checked when the program is compiled.
    ///
    /// # Panics
    ///
    /// Where its attributes have too many combinations to be told apart by an index.
    #[must_use]
    pub const fn new(declaration: Declaration) -> Self {
        assert!(
            combinations(declaration.attributes) <= MOST_COMBINATIONS,
            "the attributes of this metric have more than 16,384 combinations: each is a time series of its own"
        );
        Self { declaration, slot: AtomicU32::new(NO_SLOT) }
    }

    #[inline(always)]
    pub(super) fn slot(&self) -> usize {
        self.slot.load(Ordering::Relaxed) as usize
    }

    pub(super) fn name(&self) -> &'static str {
        self.declaration.metric.name
    }

    /// How many attribute sets its index tells apart.
    pub(super) fn combinations(&self) -> usize {
        combinations(self.declaration.attributes) as usize
    }

    pub(super) fn has_texts(&self) -> bool {
        self.declaration.attributes.iter().any(|attribute| attribute.values.is_text())
    }

    /// How many series it has at most, without that of what overflows.
    pub(super) fn limit(&self) -> usize {
        let limits = self.declaration.attributes.iter().filter_map(|attribute| match attribute.values {
            DeclaredValues::Unbounded { limit } => Some(limit),
            _ => None,
        });
        limits.min().unwrap_or(MOST_SERIES).min(MOST_SERIES)
    }

    /// Whether all its series are there before the first value.
    pub(super) fn starts_at_zero(&self) -> bool {
        !self.has_texts() && self.combinations() as u64 <= MOST_AT_ZERO
    }

    /// The attributes at an index, with these texts.
    pub(super) fn attributes(&self, index: u32, texts: &[&str]) -> Vec<KeyValue> {
        let (mut rest, mut texts) = (u64::from(index), texts.iter());
        let mut attributes: Vec<_> =
            self.declaration.literals.iter().map(|literal| literal.to_key_value()).collect();
        for DeclaredAttribute { key, values } in self.declaration.attributes {
            let value = if values.is_text() {
                texts.next().copied().unwrap_or_default().to_owned().into()
            } else {
                let count = values.count().max(1);
                let place = rest % count;
                rest /= count;
                values.value(place)
            };
            attributes.push(KeyValue::new(*key, value));
        }
        attributes
    }
}

const fn combinations(mut attributes: &[DeclaredAttribute]) -> u64 {
    let mut combinations = 1_u64;
    while let [first, rest @ ..] = attributes {
        combinations = combinations.saturating_mul(first.values.count());
        attributes = rest;
    }
    combinations
}

/// Numbers the metrics, once in a process.
pub(super) fn number_all() {
    for (number, metric) in (0..NO_SLOT).zip(DECLARED.iter()) {
        metric.slot.store(number, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use DeclaredValues::{Boolean, Known, Range, Text, Unbounded};

    const fn attribute(key: &'static str, values: DeclaredValues) -> DeclaredAttribute {
        DeclaredAttribute { key, values }
    }

    static METRIC: DeclaredMetric = DeclaredMetric::new(Declaration {
        metric: Metric { name: "queue.depth", unit: "", description: "" },
        kind: InstrumentKind::Counter,
        number: Number::U64,
        attributes: &[
            attribute("streamed", Boolean),
            attribute("tenant", Unbounded { limit: 7 }),
            attribute("model", Known(&["small", "large", "huge"])),
            attribute("region", Text),
            attribute("shard", Range { first: -1, last: 2 }),
        ],
        literals: &[],
        buckets: None,
        source: MetricSource { function: "queue::depth", file: "queue.rs", line: 1 },
    });

    #[test]
    fn an_index_stands_for_one_value_of_each_attribute() {
        assert_eq!((METRIC.combinations(), METRIC.limit()), (24, 7));
        let index = 1 + 2 * (2 + 3 * 3);
        let attributes = METRIC.attributes(index, &["acme", "eu"]);
        let told: Vec<_> = attributes.iter().map(|pair| format!("{}={}", pair.key, pair.value)).collect();
        assert_eq!(told, ["streamed=true", "tenant=acme", "model=huge", "region=eu", "shard=2"]);
    }

    #[test]
    fn a_range_may_be_all_there_is() {
        assert_eq!(Range { first: i64::MIN, last: i64::MAX }.count(), u64::MAX);
        assert_eq!(Range { first: -3, last: -3 }.count(), 1);
    }
}
