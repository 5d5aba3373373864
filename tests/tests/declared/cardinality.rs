//! How many series a metric has, whatever its attributes are.

use std::collections::BTreeSet;
use std::thread;

use cryostorm_tests::installation::alone;
use cryostorm_tests::program::run;
use cryostorm_tests::trace::label;

use super::{OVERFLOW, install, points, total, value};

#[cryostorm::metrics(prefix = "cardinality")]
mod cardinality {
    pub fn tenants(streamed: bool, #[attribute(unbounded(limit = 50))] tenant: &str) -> Counter<u64>;

    pub fn amounts(#[attribute(unbounded(limit = 5))] tenant: &str) -> Histogram<f64>;

    pub fn levels(#[attribute(unbounded(limit = 5))] tenant: &str) -> UpDownCounter<i64>;

    pub fn pairs(
        #[attribute(unbounded(limit = 5))] tenant: &str,
        #[attribute(unbounded(limit = 8))] region: &str,
    ) -> Gauge<u64>;

    pub fn many(
        #[attribute(range = 0..100)] row: u32,
        #[attribute(range = 0..100)] column: u32,
    ) -> Counter<u64>;
}

#[test]
fn the_first_sets_stay_and_the_rest_overflows_exactly() {
    let _alone = alone();
    let guard = install();
    thread::scope(|scope| {
        for part in 0..4 {
            scope.spawn(move || {
                for number in 0..10_000 {
                    // Each text on all threads, in different orders.
                    let tenant = format!("tenant-{}", (number * 7 + part * 2_500) % 10_000);
                    cardinality::tenants(part % 2 == 0, &tenant).add(2);
                }
            });
        }
    });
    let found = points(&guard, "cardinality.tenants");
    assert_eq!((found.len(), total(&guard, "cardinality.tenants")), (51, 80_000.0));
    let sets: BTreeSet<_> =
        found.iter().map(|point| (label(point, "tenant"), label(point, "streamed"))).collect();
    assert_eq!(sets.len(), 51);
    // Two threads came with each set, and counted two each.
    let own = |point: &&cryostorm::export::MetricPoint| label(point, "tenant").is_some();
    assert!(found.iter().filter(own).all(|point| super::number(point) == 4.0), "{found:?}");
    assert_eq!(value(&guard, "cardinality.tenants", &OVERFLOW), 80_000.0 - 200.0);
    cardinality::tenants(true, "another").add(1);
    assert_eq!(points(&guard, "cardinality.tenants").len(), 51);
}

#[test]
fn each_kind_of_instrument_overflows() {
    let _alone = alone();
    let guard = install();
    for number in 0..100_u32 {
        let tenant = number.to_string();
        cardinality::amounts(&tenant).record(1.0);
        cardinality::levels(&tenant).add(-1);
        cardinality::pairs(&tenant, "eu").record(u64::from(number));
    }
    for (name, rest) in [("amounts", 95.0), ("levels", -95.0), ("pairs", 99.0)] {
        let name = format!("cardinality.{name}");
        assert_eq!((points(&guard, &name).len(), value(&guard, &name, &OVERFLOW)), (6, rest), "{name}");
    }
    assert_eq!(value(&guard, "cardinality.pairs", &[("tenant", "4"), ("region", "eu")]), 4.0);
}

#[test]
fn no_metric_has_more_series_than_the_sdk_keeps_apart() {
    let _alone = alone();
    let guard = install();
    for row in 0..100 {
        (0..100).for_each(|column| cardinality::many(row, column).add(1));
        (0..100).for_each(|column| cardinality::many(row, column).add(1));
    }
    let found = points(&guard, "cardinality.many");
    assert_eq!((found.len(), total(&guard, "cardinality.many")), (2000, 20_000.0));
    assert_eq!(value(&guard, "cardinality.many", &[("row", "19"), ("column", "98")]), 2.0);
    assert_eq!(value(&guard, "cardinality.many", &OVERFLOW), 2.0 * 8001.0);
}

#[test]
fn what_overflows_is_said_once_and_keeps_no_memory() {
    let ran = run(env!("CARGO_BIN_EXE_cardinality"), &["300000"], &[]);
    assert!(ran.success, "{ran:?}");
    // How many series, what they are together, and what the overflow series has of that.
    assert_eq!(ran.said("requests"), "101 300000 299900");
    assert_eq!(ran.said("calls"), "2000 20000 18001");
    assert_eq!(ran.said("jobs"), "2000 10000 8001");
    assert_eq!(ran.said("allocations"), "0");
    for (metric, limit) in [("requests", 100), ("calls", 1999), ("jobs", 1999)] {
        let name = format!("cardinality.{metric} ");
        let told: Vec<_> = ran.stderr.lines().filter(|line| line.contains(&name)).collect();
        let expected = format!(
            "cryostorm: metric {name}has more than {limit} attribute sets, and tenant has the most values: what is not \
             among the first {limit} goes to the series otel.metric.overflow=true."
        );
        assert_eq!(told, [&expected], "{ran:?}");
    }
    let clamped: Vec<_> = ran.stderr.lines().filter(|line| line.contains("cardinality.shards")).collect();
    assert!(
        matches!(clamped.as_slice(), [line] if line.contains("a value of shard that is not declared")),
        "{ran:?}"
    );
    let panicked: Vec<_> = ran.stderr.lines().filter(|line| line.contains("cardinality.panics")).collect();
    assert!(matches!(panicked.as_slice(), [line] if line.contains("panicked")), "{ran:?}");
}
