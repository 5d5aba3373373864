//! A program whose metrics have more attribute sets than they may, for what it says of that and the memory that it takes.
//!
//! `cardinality VALUES`: counts once for each of so many texts. Prints what was exported, and how often the thread asked
//! for memory after the first thousand. Does the same with 10,000 texts in two annotated functions and in an instrument that
//! is made at run time.

#[path = "../../benches/overhead/allocations.rs"]
mod allocations;

use std::io::Write as _;
use std::time::Duration;

use allocations::Allocations;
use cryostorm::export::{MetricPoint, PointValue};
use cryostorm::opentelemetry::{KeyValue, Value};
use cryostorm::{MetricAttribute, Telemetry, counted};
use cryostorm_tests::installation::quiet;
use cryostorm_tests::trace::label;

#[cryostorm::metrics(prefix = "cardinality")]
mod metrics {
    pub fn requests(#[attribute(unbounded(limit = 100))] tenant: &str, retried: bool) -> Counter<u64>;

    pub fn shards(#[attribute(range = 0..=9)] shard: u8) -> Counter<u64>;

    pub fn panics() -> ObservableGauge<u64>;
}

/// A text that no type bounds.
struct Tenant(u64);

impl MetricAttribute for Tenant {
    fn to_value(&self) -> Value {
        self.0.to_string().into()
    }
}

#[counted(name = "cardinality.calls", attributes(tenant = tenant, region = "north"))]
fn charge(tenant: &Tenant) {}

#[counted(name = "cardinality.calls", attributes(tenant = tenant, region = "south"))]
fn refund(tenant: &Tenant) {}

fn count(number: u64) {
    let mut text = [0; 20];
    let mut rest = &mut text[..];
    write!(rest, "{number}").expect("room for a number");
    let unused = rest.len();
    let tenant = std::str::from_utf8(&text[..text.len() - unused]).expect("digits");
    metrics::requests(tenant, number.is_multiple_of(2)).add(1);
    metrics::shards((number % 256) as u8).add(1);
}

fn main() {
    let values = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(10_000);
    let telemetry = Telemetry::from_settings(quiet()).expect("an installation");
    metrics::panics().observe(|| panic!("on purpose"));
    (0..1000).for_each(count);
    telemetry.force_flush(Duration::from_secs(30)).expect("a flush");
    let before = Allocations::of_this_thread();
    (1000..values).for_each(count);
    println!("allocations: {}", Allocations::of_this_thread().since(before).count);
    let jobs = telemetry.create_counter("cardinality.jobs", "", "{job}").expect("a counter");
    for number in 0..10_000 {
        charge(&Tenant(number));
        refund(&Tenant(number));
        jobs.add(1, &[KeyValue::new("tenant", number.to_string()), KeyValue::new("kind", "batch")]);
    }
    telemetry.shutdown().expect("all is delivered");
    let points = telemetry.in_memory().metrics();
    for metric in ["requests", "calls", "jobs"] {
        let name = format!("cardinality.{metric}");
        let points: Vec<_> = points.iter().filter(|point| point.name == name).collect();
        let overflow = points.iter().find(|point| label(point, "otel.metric.overflow").is_some());
        let sum = points.iter().map(|point| value(point)).sum::<u64>();
        println!("{metric}: {} {sum} {}", points.len(), overflow.map_or(0, |point| value(point)));
    }
}

fn value(point: &MetricPoint) -> u64 {
    match &point.value {
        PointValue::Sum { value, .. } => value.to_string().parse().expect("a whole number"),
        other => panic!("{other:?}"),
    }
}
