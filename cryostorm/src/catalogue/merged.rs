//! Declarations of one metric as the one metric that a backend sees.

use std::collections::BTreeMap;

use opentelemetry::Value;

use super::{AttributeEntry, AttributeValues, Catalogue, MetricEntry};

/// All that the catalogue has under one name, never empty.
#[derive(Debug)]
pub(super) struct MergedMetric<'a> {
    /// The first declaration, whose name, kind, unit, description and buckets hold.
    pub(super) identity: &'a MetricEntry,
    /// All declarations, with the first.
    pub(super) entries: Vec<&'a MetricEntry>,
    /// The attributes of all, sorted by key.
    pub(super) attributes: Vec<AttributeEntry>,
}

impl Catalogue {
    /// The metrics, each name once, sorted by name.
    pub(super) fn merged_metrics(&self) -> Vec<MergedMetric<'_>> {
        let mut by_name: BTreeMap<String, MergedMetric<'_>> = BTreeMap::new();
        for metric in &self.metrics {
            by_name
                .entry(metric.name.to_ascii_lowercase())
                .or_insert_with(|| MergedMetric {
                    identity: metric,
                    entries: Vec::new(),
                    attributes: Vec::new(),
                })
                .entries
                .push(metric);
        }
        let mut merged: Vec<_> = by_name.into_values().collect();
        for metric in &mut merged {
            metric.attributes = union(metric.entries.iter().flat_map(|entry| &entry.attributes));
        }
        merged
    }
}

impl MergedMetric<'_> {
    /// Whether its points tell failures by `error.type`.
    pub(super) fn has_error_type(&self) -> bool {
        self.attributes.iter().any(|attribute| attribute.key == "error.type")
    }
}

/// Each key once, sorted, with all that its values can be.
pub(super) fn union<'a>(attributes: impl IntoIterator<Item = &'a AttributeEntry>) -> Vec<AttributeEntry> {
    let mut by_key: BTreeMap<&str, AttributeValues> = BTreeMap::new();
    for attribute in attributes {
        let values = match by_key.remove(attribute.key.as_str()) {
            None => attribute.values.clone(),
            Some(known) => either(known, &attribute.values),
        };
        by_key.insert(&attribute.key, values);
    }
    by_key.into_iter().map(|(key, values)| AttributeEntry::new(key, values)).collect()
}

/// The narrowest description of values that are one or the other.
fn either(one: AttributeValues, other: &AttributeValues) -> AttributeValues {
    use AttributeValues::{Boolean, Known, Range, Text, Unbounded};
    match (one, other) {
        (one, other) if one == *other => one,
        (Unbounded { limit }, Unbounded { limit: other }) => {
            Unbounded { limit: limit.zip(*other).map(|(one, other)| one.max(other)) }
        }
        (Unbounded { limit }, _) => Unbounded { limit },
        (_, Unbounded { limit }) => Unbounded { limit: *limit },
        (Known(mut values), Known(more)) => {
            for value in more {
                if !values.contains(value) {
                    values.push(value.clone());
                }
            }
            Known(values)
        }
        (Boolean, Known(values)) if values.iter().all(is_boolean) => Boolean,
        (Known(values), Boolean) if values.iter().all(is_boolean) => Boolean,
        (one, other) => match (bounds(&one), bounds(other)) {
            (Some((first, last)), Some((other_first, other_last))) => {
                Range { first: first.min(other_first), last: last.max(other_last) }
            }
            _ => Text,
        },
    }
}

fn is_boolean(value: &Value) -> bool {
    matches!(value, Value::Bool(_))
}

/// The smallest and the largest, of whole numbers.
fn bounds(values: &AttributeValues) -> Option<(i64, i64)> {
    match values {
        AttributeValues::Range { first, last } => Some((*first, *last)),
        AttributeValues::Known(values) => {
            let numbers = values.iter().map(|value| if let Value::I64(n) = value { Some(*n) } else { None });
            let numbers: Vec<i64> = numbers.collect::<Option<_>>()?;
            Some((*numbers.iter().min()?, *numbers.iter().max()?))
        }
        _ => None,
    }
}
