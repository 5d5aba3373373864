//! Metric families: everything of one name and one type.

use std::collections::HashMap;
use std::collections::btree_map::{BTreeMap, Entry};

use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::data::{
    AggregatedMetrics, Metric, MetricData, ResourceMetrics, ScopeMetrics,
};

use crate::export::{Number, PointValue, metric_points};
use crate::prometheus_name::{RATIO, TOTAL, unit_name};

use super::label::{Pair, labels, pair, scope_pairs};
use super::name::Naming;

/// What a metric is to Prometheus. An up-down counter is a gauge there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Counter,
    Gauge,
    UpDown,
    Histogram,
    Info,
}

impl Kind {
    fn of(value: &PointValue) -> Self {
        match value {
            PointValue::Gauge(_) => Self::Gauge,
            PointValue::Sum { monotonic: true, .. } => Self::Counter,
            PointValue::Sum { .. } => Self::UpDown,
            PointValue::Histogram { .. } => Self::Histogram,
        }
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge | Self::UpDown => "gauge",
            Self::Histogram => "histogram",
            Self::Info => "info",
        }
    }

    /// What it adds to a name, of a metric in this unit.
    pub(super) fn suffix(self, unit: &str) -> Option<&'static str> {
        match self {
            Self::Counter => Some(TOTAL),
            Self::Gauge if unit == "1" => Some(RATIO),
            _ => None,
        }
    }

    /// The name without what its type adds: what OpenMetrics calls the family.
    pub(super) fn stem(self, name: &str) -> &str {
        let suffix = match self {
            Self::Counter => "_total",
            Self::Info => "_info",
            Self::Gauge | Self::UpDown | Self::Histogram => return name,
        };
        name.strip_suffix(suffix).filter(|stem| !stem.is_empty()).unwrap_or(name)
    }
}

#[derive(Debug)]
pub(super) struct Family {
    /// What the metric is called that has it, before it is translated.
    metric: String,
    pub(super) kind: Kind,
    pub(super) help: String,
    /// In words.
    pub(super) unit: String,
    /// By their labels.
    pub(super) points: BTreeMap<String, PointValue>,
}

/// A collection sorted into families, and what of it Prometheus cannot have.
#[derive(Debug)]
pub(super) struct Families {
    naming: Naming,
    /// Whether families are called without what their types add.
    is_openmetrics: bool,
    /// By name, with the suffixes that belong to the name in the text format.
    pub(super) families: BTreeMap<String, Family>,
    /// Whose the names of samples are: a scraper refuses all where one is in two families.
    owners: HashMap<String, String>,
    pub(super) problems: Vec<String>,
}

/// The family of what identifies the service.
const TARGET: &str = "target_info";

impl Families {
    pub(super) fn new(metrics: &ResourceMetrics, naming: Naming, is_openmetrics: bool) -> Self {
        let mut families = Self {
            naming,
            is_openmetrics,
            families: BTreeMap::new(),
            owners: HashMap::new(),
            problems: Vec::new(),
        };
        families.add_target(metrics.resource());
        let mut scopes: Vec<_> = metrics.scope_metrics().collect();
        // The SDK has them in no order, and which of two that conflict is first should not change.
        scopes.sort_by_key(|scope| (scope.scope().name(), scope.scope().version()));
        for scope in scopes {
            families.add_scope(scope);
        }
        families
    }

    fn add_target(&mut self, resource: &Resource) {
        if resource.is_empty() {
            return;
        }
        let pairs: Vec<Pair<'_>> = resource.iter().map(|(key, value)| pair(key, value)).collect();
        let labels = labels(self.naming, &pairs, None);
        let name = self.naming.metric(TARGET, "", Kind::Info);
        if let Ok(target) = self.family(TARGET, name, Kind::Info) {
            target.help = "What identifies the service: the attributes of its resource.".to_owned();
            target.points.insert(labels, PointValue::Gauge(Number::U64(1)));
        }
    }

    fn add_scope(&mut self, scope: &ScopeMetrics) {
        let naming = self.naming;
        let of_scope = scope_pairs(naming, scope.scope());
        let mut metrics: Vec<_> = scope.metrics().collect();
        metrics.sort_by_key(|metric| metric.name());
        for metric in metrics {
            self.add_metric(metric, &of_scope);
        }
    }

    fn add_metric(&mut self, metric: &Metric, of_scope: &[Pair<'_>]) {
        if is_exponential(metric) {
            let name = metric.name();
            self.problems.push(format!("{name} has exponential buckets, which its text formats do not have"));
            return;
        }
        let (naming, points) = (self.naming, metric_points(metric));
        let Some(kind) = points.first().map(|point| Kind::of(&point.value)) else { return };
        let name = naming.metric(metric.name(), metric.unit(), kind);
        let reserved = (kind == Kind::Histogram).then_some("le");
        let mut problems = Vec::new();
        let family = match self.family(metric.name(), name.clone(), kind) {
            Ok(family) => family,
            Err(taken) => {
                self.problems.push(format!("{} would be {name}, {taken}", metric.name()));
                return;
            }
        };
        if family.points.is_empty() {
            family.help = metric.description().to_owned();
            family.unit = match kind.suffix(metric.unit()) {
                Some(RATIO) => RATIO.to_owned(),
                _ => unit_name(metric.unit()),
            };
        } else if family.help != metric.description() {
            problems.push(format!("{name} has two descriptions, of which one is shown"));
        }
        for point in points {
            let own: Vec<Pair<'_>> = point.attributes.iter().map(|own| pair(&own.key, &own.value)).collect();
            let labels = labels(naming, of_scope.iter().chain(&own), reserved);
            match family.points.entry(labels) {
                Entry::Vacant(free) => drop(free.insert(point.value)),
                Entry::Occupied(_) => {
                    problems
                        .push(format!("{name} has two series with the same labels, of which one is shown"));
                }
            }
        }
        self.problems.append(&mut problems);
    }

    /// The family of that name, unless another metric has it or a name that its samples would have. Says which.
    fn family(&mut self, metric: &str, name: String, kind: Kind) -> Result<&mut Family, String> {
        let claims = claims(&name, kind, self.is_openmetrics);
        let other = claims.iter().find_map(|claim| self.owners.get(claim).filter(|owner| **owner != name));
        if other.is_some()
            || self.families.get(&name).is_some_and(|known| known.kind.as_str() != kind.as_str())
        {
            return Err("which another metric of another type is".to_owned());
        }
        // Names are told apart without regard to case.
        if let Some(known) =
            self.families.get(&name).filter(|known| !known.metric.eq_ignore_ascii_case(metric))
        {
            return Err(format!("which {} is already: it is left out", known.metric));
        }
        self.owners.extend(claims.into_iter().map(|claim| (claim, name.clone())));
        let empty = || Family {
            metric: metric.to_owned(),
            kind,
            help: String::new(),
            unit: String::new(),
            points: BTreeMap::new(),
        };
        Ok(self.families.entry(name).or_insert_with(empty))
    }
}

/// The names that a family takes: a scraper refuses all where one is in two families.
fn claims(name: &str, kind: Kind, is_openmetrics: bool) -> Vec<String> {
    let stem = if is_openmetrics { kind.stem(name) } else { name };
    let suffixes: &[&str] = match kind {
        Kind::Histogram => &["", "_bucket", "_sum", "_count"],
        Kind::Counter if is_openmetrics => &["", "_total"],
        Kind::Counter | Kind::Gauge | Kind::UpDown | Kind::Info => &[""],
    };
    suffixes.iter().map(|suffix| format!("{stem}{suffix}")).chain([name.to_owned()]).collect()
}

fn is_exponential(metric: &Metric) -> bool {
    matches!(
        metric.data(),
        AggregatedMetrics::F64(MetricData::ExponentialHistogram(_))
            | AggregatedMetrics::U64(MetricData::ExponentialHistogram(_))
            | AggregatedMetrics::I64(MetricData::ExponentialHistogram(_))
    )
}

#[cfg(test)]
mod tests {
    use opentelemetry::metrics::MeterProvider as _;
    use opentelemetry_sdk::metrics::SdkMeterProvider;
    use opentelemetry_sdk::metrics::reader::MetricReader as _;

    use super::*;
    use crate::settings::TranslationStrategy;

    use super::super::format::Escaping;
    use super::super::reader::PrometheusReader;

    #[test]
    fn what_becomes_of_two_metrics_with_one_name_is_said_with_both() {
        let reader = PrometheusReader::default();
        let provider = SdkMeterProvider::builder()
            .with_resource(Resource::builder_empty().build())
            .with_reader(reader.clone());
        let provider = provider.build();
        let meter = provider.meter("scope");
        meter.u64_counter("a_b").build().add(1, &[]);
        meter.u64_counter("a.b").build().add(1, &[]);
        meter.u64_gauge("a.b.total").build().record(1, &[]);
        let mut metrics = ResourceMetrics::default();
        reader.collect(&mut metrics).unwrap();
        let naming = Naming {
            strategy: TranslationStrategy::UnderscoreEscapingWithSuffixes,
            escaping: Escaping::Underscores,
        };
        let families = Families::new(&metrics, naming, false);
        assert_eq!(families.families.keys().collect::<Vec<_>>(), ["a_b_total"]);
        assert_eq!(
            families.problems,
            [
                "a.b.total would be a_b_total, which another metric of another type is",
                "a_b would be a_b_total, which a.b is already: it is left out",
            ]
        );
    }
}
