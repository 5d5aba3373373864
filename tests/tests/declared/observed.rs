//! What closures know.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use cryostorm::MetricAttribute;
use cryostorm::export::{Number, PointValue};
use cryostorm_tests::installation::alone;

use super::{install, point, points, value};

#[derive(Clone, Copy, MetricAttribute)]
enum Shard {
    A,
    B,
}

#[cryostorm::metrics(prefix = "observed")]
mod observed {
    use super::Shard;

    /// What waits.
    #[metric(unit = "{item}")]
    pub fn depth(shard: Shard) -> ObservableGauge<u64>;

    pub fn bytes() -> ObservableCounter<u64>;

    pub fn seconds() -> ObservableCounter<f64>;

    pub fn free(first: bool) -> ObservableUpDownCounter<i64>;

    pub fn share() -> ObservableUpDownCounter<f64>;

    pub fn temperature() -> ObservableGauge<f64>;

    pub fn offset() -> ObservableGauge<i64>;

    pub fn panics() -> ObservableGauge<u64>;

    pub fn calls() -> Counter<u64>;
}

#[test]
fn a_closure_is_asked_at_each_collection_under_each_installation() {
    let _alone = alone();
    let depth = Arc::new(AtomicU64::new(3));
    let known = Arc::clone(&depth);
    // Before installation.
    let first = observed::depth(Shard::A).observe(move || known.load(Ordering::Relaxed));
    for round in 0..2_u32 {
        let guard = install();
        depth.store(7, Ordering::Relaxed);
        let found = point(&guard, "observed.depth", &[("shard", "a")]);
        assert_eq!(found.value, PointValue::Gauge(Number::U64(7)));
        assert_eq!((found.unit.as_str(), found.description.as_str()), ("{item}", "What waits."));
        depth.store(8, Ordering::Relaxed);
        assert_eq!(value(&guard, "observed.depth", &[("shard", "a")]), 8.0);
        // After it.
        let second = observed::depth(Shard::B).observe(move || u64::from(round));
        assert_eq!(value(&guard, "observed.depth", &[("shard", "b")]), f64::from(round));
        second.stop();
        assert_eq!(points(&guard, "observed.depth").len(), 1);
        guard.shutdown().unwrap();
    }
    first.stop();
    assert_eq!(Arc::strong_count(&depth), 1, "what the closure held is dropped");
    assert_eq!(points(&install(), "observed.depth"), []);
}

#[test]
fn each_kind_is_exported_as_such() {
    let _alone = alone();
    let free = Arc::new(AtomicI64::new(-5));
    let guard = install();
    let all = [
        observed::bytes().observe(|| 12),
        observed::seconds().observe(|| 1.5),
        observed::free(true).observe(move || free.load(Ordering::Relaxed)),
        observed::share().observe(|| -0.5),
        observed::temperature().observe(|| 36.6),
        observed::offset().observe(|| -2),
    ];
    let shown = |name, attributes: &[(&str, &str)]| point(&guard, name, attributes).value;
    let sum = |value, monotonic| PointValue::Sum { value, monotonic };
    assert_eq!(shown("observed.bytes", &[]), sum(Number::U64(12), true));
    assert_eq!(shown("observed.seconds", &[]), sum(Number::F64(1.5), true));
    assert_eq!(shown("observed.free", &[("first", "true")]), sum(Number::I64(-5), false));
    assert_eq!(shown("observed.share", &[]), sum(Number::F64(-0.5), false));
    assert_eq!(shown("observed.temperature", &[]), PointValue::Gauge(Number::F64(36.6)));
    assert_eq!(shown("observed.offset", &[]), PointValue::Gauge(Number::I64(-2)));
    all.into_iter().for_each(cryostorm::metric::Observation::stop);
}

#[test]
fn the_same_series_is_observed_by_the_latest_closure() {
    let _alone = alone();
    let guard = install();
    let first = observed::bytes().observe(|| 1);
    let second = observed::bytes().observe(|| 2);
    assert_eq!(value(&guard, "observed.bytes", &[]), 2.0);
    first.stop();
    assert_eq!(value(&guard, "observed.bytes", &[]), 2.0, "it was replaced before");
    {
        let _dropped = second;
    }
    assert_eq!(value(&guard, "observed.bytes", &[]), 2.0, "it goes on");
    observed::bytes().observe(|| 3).stop();
    assert_eq!(points(&guard, "observed.bytes"), []);
}

#[test]
fn a_closure_that_panics_or_records_harms_nothing() {
    let _alone = alone();
    let guard = install();
    let asked = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&asked);
    let panicking = observed::panics().observe(move || match counted.fetch_add(1, Ordering::Relaxed) {
        0 | 1 => panic!("on purpose"),
        later => later,
    });
    let recording = observed::offset().observe(|| {
        // It would wait for the collection that asks.
        observed::calls().add(1);
        cryostorm::Telemetry::global().create_counter("observed.own", "", "").unwrap().add(1, &[]);
        observed::share().observe(|| 1.0).stop();
        1
    });
    assert_eq!(points(&guard, "observed.panics"), []);
    assert_eq!(value(&guard, "observed.offset", &[]), 1.0);
    assert_eq!(value(&guard, "observed.calls", &[]), 0.0);
    assert_eq!(value(&guard, "observed.panics", &[]), asked.load(Ordering::Relaxed) as f64 - 1.0);
    panicking.stop();
    recording.stop();
}
