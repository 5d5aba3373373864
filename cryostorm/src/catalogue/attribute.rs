//! What the catalogue knows of an attribute.

use opentelemetry::Value;

/// An attribute of a span or of a metric.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct AttributeEntry {
    /// Its key.
    pub key: String,
    /// What it can be.
    pub values: AttributeValues,
}

impl AttributeEntry {
    /// An attribute.
    ///
    /// ```
    /// use cryostorm::catalogue::{AttributeEntry, AttributeValues};
    ///
    /// let model = AttributeEntry::new("model", AttributeValues::Known(vec!["large".into(), "small".into()]));
    /// assert_eq!(model.key, "model");
    /// ```
    pub fn new(key: impl Into<String>, values: AttributeValues) -> Self {
        Self { key: key.into(), values }
    }
}

/// What the values of an attribute can be.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum AttributeValues {
    /// One of these.
    Known(Vec<Value>),
    /// True or false.
    Boolean,
    /// A whole number from `first` to `last`, both included.
    Range {
        /// The smallest.
        first: i64,
        /// The largest.
        last: i64,
    },
    /// A text from a bounded set that is not known.
    Text,
    /// Anything.
    Unbounded {
        /// How many distinct values a metric keeps apart. `None`: all of them, as on a span, of whatever type.
        limit: Option<usize>,
    },
}
