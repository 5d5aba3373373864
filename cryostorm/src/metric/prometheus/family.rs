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
    /// By name, with the suffixes that belong to the name in the text format.
    pub(super) families: BTreeMap<String, Family>,
    /// Whose the names of samples are: a scraper refuses all where one is in two families.
    owners: HashMap<String, String>,
    pub(super) problems: Vec<String>,
}

/// The family of what identifies the service.
const TARGET: &str = "target_info";

impl Families {
    pub(super) fn new(metrics: &ResourceMetrics, naming: Naming) -> Self {
        let mut families =
            Self { naming, families: BTreeMap::new(), owners: HashMap::new(), problems: Vec::new() };
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
        if let Some(target) = self.family(name, Kind::Info) {
            target.help = "What identifies the service: the attributes of its resource.".to_owned();
            target.points.insert(labels, PointValue::Gauge(Number::U64(1)));
        }
    }

    fn add_scope(&mut self, scope: &ScopeMetrics) {
        let naming = self.naming;
        let of_scope = scope_pairs(naming, scope.scope());
        for metric in scope.metrics() {
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
        let Some(family) = self.family(name.clone(), kind) else {
            let what = metric.name();
            self.problems.push(format!("{what} would be {name}, which another metric of another type is"));
            return;
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

    /// The family of that name, unless another type has it or a name that its samples would have.
    fn family(&mut self, name: String, kind: Kind) -> Option<&mut Family> {
        let claims = claims(&name, kind);
        let is_free = |claim| self.owners.get(claim).is_none_or(|owner| *owner == name);
        let is_same = self.families.get(&name).is_none_or(|known| known.kind.as_str() == kind.as_str());
        if !is_same || !claims.iter().all(is_free) {
            return None;
        }
        self.owners.extend(claims.into_iter().map(|claim| (claim, name.clone())));
        let empty = || Family { kind, help: String::new(), unit: String::new(), points: BTreeMap::new() };
        Some(self.families.entry(name).or_insert_with(empty))
    }
}

/// The names that a family takes, in any of the formats.
fn claims(name: &str, kind: Kind) -> Vec<String> {
    let stem = kind.stem(name);
    let suffixes: &[&str] = match kind {
        Kind::Histogram => &["", "_bucket", "_sum", "_count"],
        Kind::Counter => &["", "_total"],
        Kind::Gauge | Kind::UpDown | Kind::Info => &[""],
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
