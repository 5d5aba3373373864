//! Declarations of one metric that contradict each other.

use std::collections::BTreeMap;
use std::fmt;

use super::merged::union;
use super::{Catalogue, MetricEntry, Source};

/// Two declarations of one metric that differ. Backends take one of them, or refuse both.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error(
    "metric {metric:?} has two {field}: {} at {} and {} at {}",
    first.value, first.source, second.value, second.source
)]
#[non_exhaustive]
pub struct Conflict {
    /// The metric, as the first declaration spells it.
    pub metric: String,
    /// What differs.
    pub field: MetricField,
    /// The first declaration, which holds.
    pub first: Declaration,
    /// One that differs from it.
    pub second: Declaration,
}

/// What one place says of a metric.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Declaration {
    /// The value, on one line.
    pub value: String,
    /// The place.
    pub source: Source,
}

/// What identifies a metric, beside its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MetricField {
    /// The kind of the instrument.
    Kind,
    /// The type of its values.
    Number,
    /// The unit.
    Unit,
    /// The description.
    Description,
    /// The bounds of the buckets.
    Buckets,
    /// Who observes a series: of observable instruments there can be one for each.
    Observer,
}

impl MetricField {
    const ALL: [Self; 5] = [Self::Kind, Self::Number, Self::Unit, Self::Description, Self::Buckets];

    fn of(self, metric: &MetricEntry) -> String {
        match self {
            Self::Kind => metric.kind.to_string(),
            Self::Number => metric.number.to_string(),
            Self::Unit => format!("{:?}", metric.unit),
            Self::Description => format!("{:?}", metric.description),
            Self::Buckets => metric
                .buckets
                .as_ref()
                .map_or_else(|| "the default".to_owned(), |bounds| format!("{bounds:?}")),
            Self::Observer => {
                let keys: Vec<_> = metric.attributes.iter().map(|attribute| &attribute.key).collect();
                format!("{} {keys:?}", metric.kind)
            }
        }
    }
}

impl fmt::Display for MetricField {
    /// In the plural: `units`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kind => "kinds",
            Self::Number => "types of values",
            Self::Unit => "units",
            Self::Description => "descriptions",
            Self::Buckets => "sets of buckets",
            Self::Observer => "observers of the same series",
        })
    }
}

impl Catalogue {
    /// The metrics that one place declares in another way than the first one: with another kind, type of values, unit,
    /// description or other buckets; and observable ones that two places declare with the same attributes, of which backends
    /// would see one value. Names that differ in case only are the
    /// [same](https://opentelemetry.io/docs/specs/otel/metrics/sdk/#duplicate-instrument-registration). Each difference
    /// is named once, however many places have it.
    ///
    /// ```
    /// use cryostorm::catalogue::{Catalogue, InstrumentKind, MetricEntry, Source};
    ///
    /// let metric = |function, line| {
    ///     MetricEntry::new("mail.size", InstrumentKind::Histogram, Source::new(function, "src/mail.rs", line))
    /// };
    /// let catalogue = Catalogue::new(
    ///     [],
    ///     [metric("mail::receive", 3).with_unit("By"), metric("mail::send", 9).with_unit("kBy")],
    /// );
    /// let conflicts = catalogue.conflicts();
    /// assert_eq!(
    ///     conflicts[0].to_string(),
    ///     r#"metric "mail.size" has two units: "By" at mail::receive (src/mail.rs:3) and "kBy" at mail::send (src/mail.rs:9)"#
    /// );
    /// ```
    pub fn conflicts(&self) -> Vec<Conflict> {
        let mut by_name: BTreeMap<String, Vec<&MetricEntry>> = BTreeMap::new();
        for metric in &self.metrics {
            by_name.entry(metric.name.to_ascii_lowercase()).or_default().push(metric);
        }
        by_name
            .values()
            .flat_map(|same_name| differences(same_name).into_iter().chain(observers(same_name)))
            .collect()
    }
}

fn differences(same_name: &[&MetricEntry]) -> Vec<Conflict> {
    let mut conflicts: Vec<Conflict> = Vec::new();
    let Some((first, others)) = same_name.split_first() else { return conflicts };
    for field in MetricField::ALL {
        let value = field.of(first);
        let mut known = vec![value.clone()];
        for other in others {
            let differing = field.of(other);
            if known.contains(&differing) {
                continue;
            }
            known.push(differing.clone());
            conflicts.push(Conflict {
                metric: first.name.clone(),
                field,
                first: Declaration { value: value.clone(), source: first.source.clone() },
                second: Declaration { value: differing, source: other.source.clone() },
            });
        }
    }
    conflicts
}

/// Observable metrics with the same attributes: whichever is asked last has its value exported.
fn observers(same_name: &[&MetricEntry]) -> Vec<Conflict> {
    let declaration = |metric: &MetricEntry| Declaration {
        value: MetricField::Observer.of(metric),
        source: metric.source.clone(),
    };
    let attributes = |metric: &MetricEntry| union(&metric.attributes);
    let observable: Vec<_> = same_name.iter().filter(|metric| metric.kind.is_observable()).collect();
    let mut conflicts = Vec::new();
    for (place, second) in observable.iter().enumerate() {
        let mut earlier = observable.iter().take(place);
        if let Some(first) = earlier.find(|first| attributes(first) == attributes(second)) {
            let (metric, field) = (first.name.clone(), MetricField::Observer);
            let (first, second) = (declaration(first), declaration(second));
            conflicts.push(Conflict { metric, field, first, second });
        }
    }
    conflicts
}
