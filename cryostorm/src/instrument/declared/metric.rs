//! What is known of a declared metric when it compiles.

use std::sync::atomic::{AtomicU32, Ordering};

use opentelemetry::{Key, KeyValue};

use super::super::cardinality::{MOST_SERIES, Part, Point};
use super::super::linked::declared_metrics;
use super::declaration::{Declaration, DeclaredAttribute, DeclaredValues, combinations};

/// A declared metric.
#[derive(Debug)]
pub struct DeclaredMetric {
    /// What the program says of it.
    pub declaration: Declaration,
    slot: AtomicU32,
}

/// The most attribute sets that one metric's index tells apart: each thread has a place for each.
const MOST_COMBINATIONS: u64 = 16_384;

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
    #[track_caller]
    pub const fn new(declaration: Declaration) -> Self {
        assert!(
            combinations(declaration.attributes) <= MOST_COMBINATIONS,
            "the attributes of this metric have more than 16,384 combinations, each of which is a time series of its own: \
             leave one out, or let one have fewer values"
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
        At { metric: self, index, texts }.to_vec()
    }
}

/// An attribute set of a metric: an index with texts.
#[derive(Clone, Copy, Debug)]
pub(super) struct At<'a> {
    pub(super) metric: &'a DeclaredMetric,
    pub(super) index: u32,
    pub(super) texts: &'a [&'a str],
}

impl Point for At<'_> {
    fn each(&self, tell: &mut dyn FnMut(&Key, Part<'_>)) {
        let declaration = &self.metric.declaration;
        declaration.literals.iter().for_each(|literal| literal.each(tell));
        let (mut rest, mut texts) = (u64::from(self.index), self.texts.iter());
        for DeclaredAttribute { key, values } in declaration.attributes {
            let key = Key::from_static_str(key);
            if values.is_text() {
                tell(&key, Part::Text(texts.next().copied().unwrap_or_default()));
            } else {
                let count = values.count().max(1);
                let place = rest % count;
                rest /= count;
                tell(&key, Part::Value(&values.value(place)));
            }
        }
    }
}

/// Numbers the metrics, once in a process.
pub(super) fn number_all() {
    for (number, metric) in (0..NO_SLOT).zip(declared_metrics()) {
        metric.slot.store(number, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::site::Metric;
    use super::super::declaration::{MetricSource, Number};
    use super::*;
    use crate::catalogue::InstrumentKind;
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
}
