//! What an objective is measured by.

use crate::catalogue::yaml::quoted;
use crate::catalogue::{AttributeValues, InstrumentKind, MetricEntry, Objective};
use crate::instrument::{is_same, per_second};
use crate::prometheus_name::label_name;

use super::names::metric_name;

/// An objective that cannot be measured by its metric, which is inside.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ObjectiveError {
    /// The target is no share.
    #[error("{}: the target is not above 0 and below 1", told(.0))]
    Target(Box<MetricEntry>),
    /// The latency belongs to something else than a histogram of times.
    #[error(
        "{}: a latency needs a histogram in ns, us, ms, s, min or h, not a {} in {:?}",
        told(.0), .0.kind, .0.unit
    )]
    NoDuration(Box<MetricEntry>),
    /// No bucket ends at the latency.
    #[error(
        "{}: the latency is none of the bounds of its buckets: {:?} in {:?}",
        told(.0), .0.buckets.as_deref().unwrap_or_default(), .0.unit
    )]
    NoBucket(Box<MetricEntry>),
    /// The metric does not say which calls failed.
    #[error(
        "{}: a share of successes needs a counter or a histogram with the attribute \"error.type\"",
        told(.0)
    )]
    NoErrorType(Box<MetricEntry>),
}

fn told(metric: &MetricEntry) -> String {
    let objective = metric.objective.map(|objective| objective.to_string()).unwrap_or_default();
    format!(
        "the objective {objective:?} of the metric {:?} at {} cannot be measured",
        metric.name, metric.source
    )
}

/// The series that an objective is about, and how their failures are told.
#[derive(Debug, PartialEq)]
pub(super) struct Indicator {
    /// The share of calls that may fail.
    pub(super) budget: String,
    /// The series of all calls.
    total: String,
    /// The series of the calls that did not fail, or of those that did.
    part: String,
    part_is_good: bool,
}

impl Indicator {
    /// `matchers` are of every series, each with a comma behind it.
    ///
    /// # Errors
    ///
    /// If the metric does not tell what the objective is about.
    pub(super) fn new(
        metric: &MetricEntry,
        objective: Objective,
        matchers: &str,
    ) -> Result<Self, ObjectiveError> {
        let (Objective::Latency { target, .. } | Objective::Success { target }) = objective;
        if !(target > 0.0 && target < 1.0) {
            return Err(ObjectiveError::Target(Box::new(metric.clone())));
        }
        let name = metric_name(metric);
        let matchers = format!("{matchers}{}", own_matchers(metric));
        let is_histogram = metric.kind == InstrumentKind::Histogram;
        let all = if is_histogram { format!("{name}_count") } else { name.clone() };
        let (part, part_is_good) = match objective {
            Objective::Latency { seconds, .. } => {
                let bounds = quoted(&spellings(bucket(metric, seconds)?));
                (format!("{name}_bucket{{{matchers}le=~{bounds}}}"), true)
            }
            Objective::Success { .. } => {
                let counts = is_histogram
                    || matches!(metric.kind, InstrumentKind::Counter | InstrumentKind::ObservableCounter);
                if !counts || !metric.attributes.iter().any(|attribute| attribute.key == "error.type") {
                    return Err(ObjectiveError::NoErrorType(Box::new(metric.clone())));
                }
                (format!("{all}{{{matchers}error_type!=\"\"}}"), false)
            }
        };
        let total = format!("{all}{{{}}}", matchers.trim_end_matches(','));
        Ok(Self { budget: format!("(1 - {target})"), total, part, part_is_good })
    }

    /// The share of calls that failed over a window.
    pub(super) fn error_ratio(&self, window: &str) -> String {
        let sum = |series: &str| format!("sum by (job) (rate({series}[{window}]))");
        let (part, total) = (sum(&self.part), sum(&self.total));
        if self.part_is_good { format!("1 - {part} / {total}") } else { error_ratio(&part, &total) }
    }
}

/// The share of failures, given two sums over the same labels.
pub(in crate::catalogue) fn error_ratio(errors: &str, all: &str) -> String {
    // Where nothing failed there is no series to divide.
    format!("({errors} or 0 * {all}) / {all}")
}

/// Tell the series of this place from others of the metric: the attributes with one value, each with a comma behind it.
fn own_matchers(metric: &MetricEntry) -> String {
    let mut matchers = String::new();
    for attribute in &metric.attributes {
        if let AttributeValues::Known(values) = &attribute.values
            && let [value] = values.as_slice()
        {
            matchers.push_str(&format!("{}={},", label_name(&attribute.key), quoted(&value.as_str())));
        }
    }
    matchers
}

/// The bucket that ends at the latency.
fn bucket(metric: &MetricEntry, seconds: f64) -> Result<f64, ObjectiveError> {
    let (Some(per_second), InstrumentKind::Histogram) = (per_second(&metric.unit), metric.kind) else {
        return Err(ObjectiveError::NoDuration(Box::new(metric.clone())));
    };
    let wanted = seconds * per_second;
    let bounds = metric.buckets.as_deref().unwrap_or_default();
    bounds
        .iter()
        .find(|bound| is_same(**bound, wanted))
        .copied()
        .ok_or_else(|| ObjectiveError::NoBucket(Box::new(metric.clone())))
}

/// The bound as a regular expression for `le`, which is a text: `1` comes as `1` or `1.0`, a million as `1e+06` too.
fn spellings(bound: f64) -> String {
    let decimal = bound.to_string();
    let mut spellings = vec![decimal.clone()];
    if bound.fract() == 0.0 {
        spellings.push(format!("{decimal}.0"));
    }
    let scientific = format!("{bound:e}");
    if let Some((digits, exponent)) = scientific.split_once('e')
        && let Ok(exponent) = exponent.parse::<i32>()
        && !(-4..6).contains(&exponent)
    {
        let sign = if exponent < 0 { '-' } else { '+' };
        spellings.push(format!("{digits}e{sign}{:02}", exponent.abs()));
    }
    spellings.join("|").replace('.', "\\.").replace('+', "\\+")
}

#[cfg(test)]
mod tests {
    use super::spellings;

    #[test]
    fn a_bound_is_found_however_it_is_written() {
        assert_eq!(spellings(0.25), "0\\.25");
        assert_eq!(spellings(1.0), "1|1\\.0");
        assert_eq!(spellings(2_500_000.0), "2500000|2500000\\.0|2\\.5e\\+06");
        assert_eq!(spellings(0.000_05), "0\\.00005|5e-05");
    }
}
