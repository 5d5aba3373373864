//! Declared metrics: what each kind of instrument and of attribute leaves, through the public API.

#[path = "declared/cardinality.rs"]
mod cardinality;
#[path = "declared/installations.rs"]
mod installations;
#[path = "declared/kinds.rs"]
mod kinds;
#[path = "declared/observed.rs"]
mod observed;

use std::time::Duration;

use cryostorm::export::{MetricPoint, PointValue};
use cryostorm::{Telemetry, TelemetryGuard};
use cryostorm_tests::installation::quiet;
use cryostorm_tests::trace::label;

fn install() -> TelemetryGuard {
    Telemetry::from_settings(quiet()).unwrap()
}

/// The points of a metric after a collection.
fn points(guard: &TelemetryGuard, name: &str) -> Vec<MetricPoint> {
    guard.force_flush(Duration::from_secs(30)).unwrap();
    let mut points = guard.in_memory().metrics();
    points.retain(|point| point.name == name);
    points
}

/// The one point that has these attributes and no others.
fn point(guard: &TelemetryGuard, name: &str, attributes: &[(&str, &str)]) -> MetricPoint {
    let points = points(guard, name);
    let is_it = |point: &&MetricPoint| {
        point.attributes.len() == attributes.len()
            && attributes.iter().all(|(key, value)| label(point, key).as_deref() == Some(value))
    };
    let found: Vec<_> = points.iter().filter(is_it).collect();
    assert_eq!(found.len(), 1, "{name} {attributes:?} among {points:?}");
    found[0].clone()
}

/// The number that a point shows: of a histogram, how many values it has.
fn number(point: &MetricPoint) -> f64 {
    match &point.value {
        PointValue::Sum { value, .. } | PointValue::Gauge(value) => value.to_string().parse().unwrap(),
        PointValue::Histogram { count, .. } => *count as f64,
        other => panic!("{other:?}"),
    }
}

fn value(guard: &TelemetryGuard, name: &str, attributes: &[(&str, &str)]) -> f64 {
    number(&point(guard, name, attributes))
}

/// What all series of a metric show together.
fn total(guard: &TelemetryGuard, name: &str) -> f64 {
    points(guard, name).iter().map(number).sum()
}

const OVERFLOW: [(&str, &str); 1] = [("otel.metric.overflow", "true")];
