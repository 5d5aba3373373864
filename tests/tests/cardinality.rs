//! How many series the metrics of functions, and those that are made at run time, have, whatever their attributes are.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use cryostorm::export::{MetricPoint, Number, PointValue};
use cryostorm::opentelemetry::{KeyValue, Value};
use cryostorm::{MetricAttribute, Telemetry, TelemetryGuard, counted, timed};
use cryostorm_tests::installation::{alone, quiet};
use cryostorm_tests::trace::label;

/// The most series of a metric, without that of what overflows.
const LIMIT: usize = 1999;

/// Longer than anything here takes.
const LONG: Duration = Duration::from_secs(60);

/// A text that no type bounds.
struct Tenant(String);

impl MetricAttribute for Tenant {
    fn to_value(&self) -> Value {
        self.0.clone().into()
    }
}

fn tenant(number: usize) -> Tenant {
    Tenant(format!("tenant-{number}"))
}

fn install() -> TelemetryGuard {
    Telemetry::from_settings(quiet()).unwrap()
}

fn points(guard: &TelemetryGuard, name: &str) -> Vec<MetricPoint> {
    let mut points = guard.in_memory().metrics();
    points.retain(|point| point.name == name);
    points
}

fn value(point: &MetricPoint) -> i64 {
    match &point.value {
        PointValue::Gauge(Number::F64(value)) => *value as i64,
        PointValue::Sum { value, .. } => value.to_string().parse().unwrap(),
        PointValue::Histogram { count, .. } => (*count).try_into().unwrap(),
        other => panic!("{other:?}"),
    }
}

/// How many series a metric has of its own, what they are together, and what is in the overflow series.
fn shape(guard: &TelemetryGuard, name: &str) -> (usize, i64, i64) {
    let (overflow, own): (Vec<_>, Vec<_>) = points(guard, name)
        .into_iter()
        .partition(|point| label(point, "otel.metric.overflow").is_some_and(|value| value == "true"));
    assert!(overflow.len() <= 1 && overflow.iter().all(|point| point.attributes.len() == 1), "{overflow:?}");
    (own.len(), own.iter().map(value).sum(), overflow.iter().map(value).sum())
}

#[counted(name = "shared.calls", attributes(tenant = tenant))]
#[timed(name = "shared.duration", attributes(tenant = tenant), in_flight = "shared.in_flight")]
fn charge(tenant: &Tenant) {}

#[counted(name = "shared.calls", attributes(tenant = tenant))]
fn refund(tenant: &Tenant) {}

#[counted(name = "shared.calls")]
fn list() {}

#[test]
fn functions_that_share_a_metric_share_its_limit_and_the_rest_overflows_exactly() {
    let _alone = alone();
    let guard = install();
    thread::scope(|scope| {
        for part in 0..2 {
            scope.spawn(move || {
                for number in 0..3000 {
                    // Each on both threads, in different orders.
                    let tenant = tenant((number + part * 1500) % 3000);
                    charge(&tenant);
                    refund(&tenant);
                }
                list();
            });
        }
    });
    guard.shutdown().unwrap();
    // Both threads came with each, and `list` was there at zero before.
    assert_eq!(shape(&guard, "shared.calls"), (LIMIT, 2 * LIMIT as i64, 12_002 - 2 * LIMIT as i64));
    assert_eq!(shape(&guard, "shared.duration"), (LIMIT, 2 * LIMIT as i64, 6000 - 2 * LIMIT as i64));
    // What began in the overflow series ended there.
    assert_eq!(shape(&guard, "shared.in_flight"), (LIMIT, 0, 0));
    assert_eq!(points(&guard, "shared.in_flight").len(), LIMIT + 1);
}

#[test]
fn instruments_that_are_made_at_run_time_keep_the_first_sets() {
    let _alone = alone();
    let guard = install();
    let jobs = guard.create_counter("runtime.jobs", "", "{job}").unwrap();
    let open = guard.create_up_down_counter("runtime.open", "", "{job}").unwrap();
    let sizes = guard.create_histogram("runtime.sizes", "", "By").unwrap();
    let level = guard.create_gauge("runtime.level", "", "1").unwrap();
    jobs.add(7, &[]);
    thread::scope(|scope| {
        for part in 0..2 {
            let (jobs, open, sizes, level) = (&jobs, &open, &sizes, &level);
            scope.spawn(move || {
                for number in 0..3000 {
                    let tenant = KeyValue::new("tenant", tenant((number + part * 1500) % 3000).0);
                    // In another order it is the same set.
                    let mut set = [tenant, KeyValue::new("shard", 3_i64)];
                    if part == 1 {
                        set.reverse();
                    }
                    jobs.add(1, &set);
                    open.add(-1, &set);
                    sizes.record(1.0, &set);
                    level.record(1.0, &set);
                }
            });
        }
    });
    guard.shutdown().unwrap();
    let (own, all) = (2 * LIMIT as i64, 6000);
    // The series without attributes is beside them.
    assert_eq!(shape(&guard, "runtime.jobs"), (LIMIT + 1, own + 7, all - own));
    assert_eq!(shape(&guard, "runtime.open"), (LIMIT, -own, own - all));
    assert_eq!(shape(&guard, "runtime.sizes"), (LIMIT, own, all - own));
    assert_eq!(shape(&guard, "runtime.level"), (LIMIT, LIMIT as i64, 1));
}

#[test]
fn what_is_observed_overflows_as_a_sum() {
    let _alone = alone();
    let telemetry = Telemetry::global();
    telemetry
        .create_observable_counter("runtime.observed", "", "", |observer| {
            for number in 0..3000 {
                observer.observe(2, &[KeyValue::new("tenant", tenant(number).0)]);
            }
        })
        .unwrap();
    for _ in 0..2 {
        let guard = install();
        guard.shutdown().unwrap();
        let own = 2 * LIMIT as i64;
        assert_eq!(shape(&guard, "runtime.observed"), (LIMIT, own, 6000 - own));
    }
}

#[test]
fn what_is_observed_no_more_makes_room() {
    let _alone = alone();
    static ROUND: AtomicUsize = AtomicUsize::new(0);
    for part in 0..2 {
        // Both together have no more than one may have.
        Telemetry::global()
            .create_observable_up_down_counter("runtime.churning", "", "", move |observer| {
                for number in 0..1500 {
                    let round = ROUND.load(Ordering::Relaxed);
                    let tenant = tenant(number + 1500 * (part + 2 * round));
                    observer.observe(1, &[KeyValue::new("tenant", tenant.0)]);
                }
            })
            .unwrap();
    }
    let guard = install();
    for round in 0..3 {
        ROUND.store(round, Ordering::Relaxed);
        guard.force_flush(LONG).unwrap();
        assert_eq!(shape(&guard, "runtime.churning"), (LIMIT, LIMIT as i64, 3000 - LIMIT as i64), "{round}");
    }
    guard.shutdown().unwrap();
}

#[cryostorm::metrics(prefix = "everyone")]
mod everyone {
    /// Calls of a customer.
    #[metric(unit = "{call}")]
    pub fn tenants(#[attribute(unbounded(limit = 10))] tenant: &str) -> Counter<u64>;
}

#[counted(name = "everyone.tenants", description = "Calls of a customer.", attributes(tenant = tenant))]
fn counts(tenant: &Tenant) {}

#[test]
fn a_metric_has_one_limit_whoever_counts() {
    let _alone = alone();
    let guard = install();
    let made = guard.create_counter("everyone.tenants", "", "{call}").unwrap();
    for number in 0..100 {
        let tenant = tenant(number);
        everyone::tenants(&tenant.0).add(1);
        counts(&tenant);
        made.add(1, &[KeyValue::new("tenant", tenant.0.clone())]);
    }
    guard.shutdown().unwrap();
    // What is declared and what is made have the same attributes, and the function one more.
    assert_eq!(shape(&guard, "everyone.tenants"), (10, 15, 285));
}

#[test]
fn long_texts_are_cut() {
    let _alone = alone();
    let guard = install();
    let long = |last: char| format!("{}{last}", "x".repeat(1000));
    let cut = "x".repeat(256);
    let made = guard.create_counter("long.made", "", "").unwrap();
    for last in ['a', 'b'] {
        everyone::tenants(&long(last)).add(1);
        charge(&Tenant(long(last)));
        made.add(1, &[KeyValue::new("tenant", long(last))]);
    }
    guard.shutdown().unwrap();
    for name in ["everyone.tenants", "shared.calls", "shared.duration", "long.made"] {
        let points = points(&guard, name);
        let found: Vec<_> =
            points.iter().filter(|point| label(point, "tenant").as_ref() == Some(&cut)).collect();
        assert_eq!((found.len(), value(found[0])), (1, 2), "{name}: {points:?}");
    }
}
