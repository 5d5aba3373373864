//! Groups of rules.

use std::collections::BTreeSet;
use std::fmt;

use crate::catalogue::merged::MergedMetric;
use crate::catalogue::yaml::{Yaml, quoted};
use crate::catalogue::{AttributeValues, Catalogue, InstrumentKind, MetricEntry, Objective};
use crate::prometheus_name::label_name;

use super::names::metric_name;
use super::objective::{Indicator, ObjectiveError, error_ratio};

/// The quantiles of a histogram.
const QUANTILES: [&str; 3] = ["0.5", "0.95", "0.99"];

/// What tells how a call went: `error.type`, and the statuses of requests, each of which is a failure always or never.
const OUTCOMES: [&str; 3] = ["error_type", "http_response_status_code", "rpc_response_status_code"];

/// The windows of the alerts.
const WINDOWS: [&str; 4] = ["5m", "30m", "1h", "6h"];

/// An alert: its name, how fast the budget burns, over which two windows, and how soon somebody has to look.
///
/// At 14.4 times what the target allows, a budget for 30 days loses 2 % in an hour, at 6 times 5 % in six hours. The short
/// window ends the alert soon after the failures end. The
/// [SRE workbook](https://sre.google/workbook/alerting-on-slos/) has the reasons.
const BURNS: [(&str, &str, [&str; 2], &str); 2] = [
    ("ErrorBudgetBurnsFast", "14.4", ["5m", "1h"], "page"),
    ("ErrorBudgetBurnsSlowly", "6", ["30m", "6h"], "ticket"),
];

/// Recording and alert rules in the YAML that Prometheus reads, as [`Catalogue::to_prometheus_rules`] makes them.
/// `Display` is the file.
#[derive(Clone, Debug)]
pub struct PrometheusRules(Yaml);

impl fmt::Display for PrometheusRules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Catalogue {
    /// Recording rules for every counter and histogram, and alert rules for every [`Objective`].
    ///
    /// They are about the series whose label `job` is this: the service's name where they come by OTLP, the name in
    /// Prometheus's configuration where it scrapes them. Names are those that metrics have in Prometheus: with the unit
    /// and `_total` behind them. Over the values of unbounded attributes they are sums.
    ///
    /// # Errors
    ///
    /// If a metric does not tell what its objective is about: a latency that is no bound of its buckets, a share of
    /// successes of a metric without `error.type`, a target that is not above 0 and below 1.
    ///
    /// ```
    /// use cryostorm::catalogue::{Catalogue, InstrumentKind, MetricEntry, Objective, Source};
    ///
    /// # fn main() -> Result<(), cryostorm::catalogue::ObjectiveError> {
    /// let duration = MetricEntry::new("sql.duration", InstrumentKind::Histogram, Source::new("sql", "src/sql.rs", 5))
    ///     .with_unit("s")
    ///     .with_buckets([0.1, 0.5])
    ///     .with_objective(Objective::Latency { seconds: 0.5, target: 0.99 });
    /// let rules = Catalogue::new([], [duration]).to_prometheus_rules("shop")?.to_string();
    /// assert!(rules.contains("sql_duration_seconds_bucket{job=\\\"shop\\\",le=~"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn to_prometheus_rules(&self, job: &str) -> Result<PrometheusRules, ObjectiveError> {
        let matchers = format!("job={},", quoted(job));
        let mut groups = Vec::new();
        for metric in self.merged_metrics() {
            let rules = recording_rules(&metric, &matchers);
            if !rules.is_empty() {
                groups.push(group(metric.identity.name.clone(), rules));
            }
            let mut objectives = BTreeSet::new();
            for entry in &metric.entries {
                let Some(objective) = entry.objective else { continue };
                // A function that stands at several places under one path has the series of all of them.
                let title = format!("{}, {}, {objective}", entry.name, entry.source.function);
                if objectives.insert(title.clone()) {
                    groups.push(group(title, objective_rules(entry, objective, &matchers)?));
                }
            }
        }
        Ok(PrometheusRules(Yaml::Map(vec![("groups", Yaml::List(groups))])))
    }
}

fn group(name: String, rules: Vec<Yaml>) -> Yaml {
    Yaml::Map(vec![("name", Yaml::Text(name)), ("rules", Yaml::List(rules))])
}

fn recording(record: String, expr: String, labels: Vec<(&'static str, Yaml)>) -> Yaml {
    let mut rule = vec![("record", Yaml::Text(record)), ("expr", Yaml::Text(expr))];
    if !labels.is_empty() {
        rule.push(("labels", Yaml::Map(labels)));
    }
    Yaml::Map(rule)
}

/// Rate, share of failures, and quantiles.
fn recording_rules(metric: &MergedMetric<'_>, matchers: &str) -> Vec<Yaml> {
    let name = metric_name(metric.identity);
    let base = name.strip_suffix("_total").unwrap_or(&name);
    let is_histogram = match metric.identity.kind {
        InstrumentKind::Counter | InstrumentKind::ObservableCounter => false,
        InstrumentKind::Histogram => true,
        _ => return Vec::new(),
    };
    let count = if is_histogram { format!("{name}_count") } else { name.clone() };
    let labels = metric.labels();
    let matchers = matchers.trim_end_matches(',');
    let rate = |series: &str, own: &str, by: &[String]| {
        format!("sum by ({}) (rate({series}{{{matchers}{own}}}[5m]))", by.join(", "))
    };
    let record = |operations: &str| format!("attributes:{base}:{operations}");
    let mut rules = vec![recording(record("rate5m"), rate(&count, "", &labels), Vec::new())];
    if metric.has_error_type() {
        let by = metric.labels_of_all();
        let (errors, all) = (rate(&count, ",error_type!=\"\"", &by), rate(&count, "", &by));
        rules.push(recording(record("error_ratio_rate5m"), error_ratio(&errors, &all), Vec::new()));
    }
    if is_histogram {
        let by: Vec<_> = labels.into_iter().chain(["le".to_owned()]).collect();
        let buckets = rate(&format!("{name}_bucket"), "", &by);
        rules.extend(QUANTILES.map(|quantile| {
            recording(
                record("quantile_rate5m"),
                format!("histogram_quantile({quantile}, {buckets})"),
                vec![("quantile", Yaml::text(quantile))],
            )
        }));
    }
    rules
}

impl MergedMetric<'_> {
    /// The labels that its series are kept apart by.
    pub(in crate::catalogue) fn labels(&self) -> Vec<String> {
        let bounded = self
            .attributes
            .iter()
            .filter(|attribute| !matches!(attribute.values, AttributeValues::Unbounded { .. }));
        let labels: BTreeSet<String> = bounded.map(|attribute| label_name(&attribute.key)).collect();
        ["job".to_owned()].into_iter().chain(labels).collect()
    }

    /// Those that do not tell how a call went: what is said by them is of all calls.
    pub(in crate::catalogue) fn labels_of_all(&self) -> Vec<String> {
        let mut labels = self.labels();
        labels.retain(|label| !OUTCOMES.contains(&label.as_str()));
        labels
    }
}

/// The share of failures over each window, and the alerts on it.
fn objective_rules(
    entry: &MetricEntry,
    objective: Objective,
    matchers: &str,
) -> Result<Vec<Yaml>, ObjectiveError> {
    let indicator = Indicator::new(entry, objective, matchers)?;
    let identity = [
        ("metric", entry.name.clone()),
        ("function", entry.source.function.clone()),
        ("objective", objective.to_string()),
    ];
    let record = |window: &str| format!("objective:error_ratio:rate{window}");
    let labels = || identity.iter().map(|(label, value)| (*label, Yaml::text(value))).collect();
    let own = identity.iter().map(|(label, value)| format!("{label}={}", quoted(value))).collect::<Vec<_>>();
    let series = |window: &str| format!("{}{{{matchers}{}}}", record(window), own.join(","));
    let recordings = WINDOWS.map(|window| recording(record(window), indicator.error_ratio(window), labels()));
    let alerts = BURNS.map(|(name, factor, [short, long], severity)| {
        let labels = identity.iter().map(|(label, value)| (*label, Yaml::Text(literal(value))));
        let labels = labels.chain([("severity", Yaml::text(severity))]).collect();
        let above = |window: &str| format!("{} > {factor} * {}", series(window), indicator.budget);
        Yaml::Map(vec![
            ("alert", Yaml::text(name)),
            ("expr", Yaml::Text(format!("{} and {}", above(long), above(short)))),
            ("labels", Yaml::Map(labels)),
            (
                "annotations",
                Yaml::Map(vec![
                    ("summary", Yaml::text("{{ $labels.function }} misses its objective: {{ $labels.objective }}")),
                    (
                        "description",
                        Yaml::Text(format!(
                            "{{{{ $value | humanizePercentage }}}} of its calls in {long} missed it, {factor} times what \
                             the objective allows or more."
                        )),
                    ),
                ]),
            ),
        ])
    });
    Ok(recordings.into_iter().chain(alerts).collect())
}

/// The text as a template that makes it.
fn literal(text: &str) -> String {
    text.replace("{{", "{{ \"{{\" }}")
}
