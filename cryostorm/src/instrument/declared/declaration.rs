//! What a program says of a metric: data that its expansion writes.

use opentelemetry::Value;

use crate::catalogue::InstrumentKind;
pub use crate::catalogue::NumberType as Number;

use super::super::instruments::default_bounds;
use super::super::site::{Metric, StaticAttribute};

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

impl Declaration {
    /// The bounds of a histogram's buckets: those that are given, else those of durations, else those of the specification.
    pub(crate) fn bounds(&self) -> Vec<f64> {
        const OF_SPECIFICATION: [f64; 15] = [
            0.0, 5.0, 10.0, 25.0, 50.0, 75.0, 100.0, 250.0, 500.0, 750.0, 1000.0, 2500.0, 5000.0, 7500.0,
            10000.0,
        ];
        let given = self.buckets.map(<[f64]>::to_vec);
        given.or_else(|| default_bounds(self.metric.unit)).unwrap_or_else(|| OF_SPECIFICATION.to_vec())
    }
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

    pub(super) const fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Unbounded { .. })
    }

    /// The value at a place.
    pub(super) fn value(self, place: u64) -> Value {
        match self {
            Self::Boolean => (place == 1).into(),
            Self::Known(names) => names.get(place as usize).copied().unwrap_or_default().into(),
            Self::Range { first, .. } => first.wrapping_add_unsigned(place).into(),
            Self::Text | Self::Unbounded { .. } => "".into(),
        }
    }
}

/// How many attribute sets an index tells apart.
pub(super) const fn combinations(mut attributes: &[DeclaredAttribute]) -> u64 {
    let mut combinations = 1_u64;
    while let [first, rest @ ..] = attributes {
        combinations = combinations.saturating_mul(first.values.count());
        attributes = rest;
    }
    combinations
}

#[cfg(test)]
mod tests {
    use super::DeclaredValues::Range;

    #[test]
    fn a_range_may_be_all_there_is() {
        assert_eq!(Range { first: i64::MIN, last: i64::MAX }.count(), u64::MAX);
        assert_eq!(Range { first: -3, last: -3 }.count(), 1);
    }
}
