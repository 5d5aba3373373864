//! What each kind of instrument, of number and of attribute leaves.

use std::thread;

use cryostorm::MetricAttribute;
use cryostorm::export::{Number, PointValue};
use cryostorm_tests::installation::alone;

use super::{OVERFLOW, install, number, point, points, total, value};

#[derive(Clone, Copy, Debug, MetricAttribute)]
enum Model {
    Small,
    ExtraLarge,
    #[metric_attribute(name = "the.other")]
    Other,
}

const MODELS: [Model; 3] = [Model::Small, Model::ExtraLarge, Model::Other];

#[cryostorm::metrics(prefix = "kinds")]
pub mod kinds {
    use super::Model;

    /// Tokens sent
    /// to the model.
    ///
    /// Not this.
    #[metric(unit = "{token}")]
    pub fn tokens(model: Model, streamed: bool) -> Counter<u64>;

    /// Counted without attributes.
    pub(super) fn plain() -> Counter<u64>;

    #[metric(name = "kinds.literal", description = "Given.", attributes(channel = "web", retried = true, "shop-id" = 3))]
    pub fn with_literals(streamed: bool) -> Counter<u64>;

    #[metric(unit = "s")]
    pub fn fractions(model: Model) -> Counter<f64>;

    pub fn waiting(
        #[attribute(name = "messaging.partition", range = -1..=1)] partition: i8,
    ) -> UpDownCounter<i64>;

    pub fn balance() -> UpDownCounter<f64>;

    pub fn level(model: &Model) -> Gauge<u64>;

    pub fn offset() -> Gauge<i64>;

    pub fn ratio() -> Gauge<f64>;

    #[metric(unit = "By", buckets = [10, 100.0])]
    pub fn sizes(streamed: bool) -> Histogram<u64>;

    #[metric(unit = "ms")]
    pub fn durations() -> Histogram<f64>;

    pub fn unitless() -> Histogram<f64>;

    pub fn routes(route: &'static str, model: Model) -> Counter<u64>;

    pub fn codes(#[attribute(range = 100..600)] code: u16) -> Counter<u64>;

    #[cfg(any())]
    pub fn absent(nowhere: Nowhere) -> Counter<u64>;

    #[cfg(test)]
    pub fn present() -> Counter<u64>;

    pub const NOT_A_METRIC: u32 = 7;
}

#[test]
fn counters_have_a_name_a_unit_a_description_and_attributes() {
    let _alone = alone();
    let guard = install();
    kinds::tokens(Model::ExtraLarge, true).add(800);
    kinds::tokens(Model::ExtraLarge, true).add(12);
    let kept = kinds::tokens(Model::Small, false);
    kept.add(1);
    kept.add(2);
    let found = point(&guard, "kinds.tokens", &[("model", "extra_large"), ("streamed", "true")]);
    assert_eq!(found.value, PointValue::Sum { value: Number::U64(812), monotonic: true });
    assert_eq!((found.unit.as_str(), found.description.as_str()), ("{token}", "Tokens sent to the model."));
    assert_eq!(value(&guard, "kinds.tokens", &[("model", "small"), ("streamed", "false")]), 3.0);
    kinds::with_literals(true).add(5);
    let literal = [("channel", "web"), ("retried", "true"), ("shop-id", "3"), ("streamed", "true")];
    let found = point(&guard, "kinds.literal", &literal);
    assert_eq!((number(&found), found.description.as_str()), (5.0, "Given."));
    kinds::fractions(Model::Other).add(0.5);
    kinds::fractions(Model::Other).add(0.25);
    for left_out in [-1.0, f64::NAN, f64::INFINITY] {
        kinds::fractions(Model::Other).add(left_out);
    }
    assert_eq!(value(&guard, "kinds.fractions", &[("model", "the.other")]), 0.75);
    kinds::present().add(u64::MAX);
    kinds::present().add(3);
    assert_eq!(
        point(&guard, "kinds.present", &[]).value,
        PointValue::Sum { value: Number::U64(2), monotonic: true }
    );
    assert_eq!(kinds::NOT_A_METRIC, 7);
}

#[test]
fn sums_are_at_zero_before_the_first_value() {
    let _alone = alone();
    let guard = install();
    let tokens = points(&guard, "kinds.tokens");
    assert_eq!((tokens.len(), total(&guard, "kinds.tokens")), (6, 0.0), "{tokens:?}");
    assert_eq!(value(&guard, "kinds.plain", &[]), 0.0);
    assert_eq!(value(&guard, "kinds.waiting", &[("messaging.partition", "-1")]), 0.0);
    assert_eq!(value(&guard, "kinds.fractions", &[("model", "small")]), 0.0);
    for unknown in ["kinds.routes", "kinds.codes", "kinds.level", "kinds.sizes"] {
        assert_eq!(points(&guard, unknown), []);
    }
}

#[test]
fn up_down_counters_rise_and_fall() {
    let _alone = alone();
    let guard = install();
    kinds::waiting(1).add(10);
    thread::spawn(|| kinds::waiting(1).add(-13)).join().unwrap();
    let found = point(&guard, "kinds.waiting", &[("messaging.partition", "1")]);
    assert_eq!(found.value, PointValue::Sum { value: Number::I64(-3), monotonic: false });
    kinds::balance().add(2.5);
    kinds::balance().add(-4.0);
    kinds::balance().add(f64::NAN);
    assert_eq!(value(&guard, "kinds.balance", &[]), -1.5);
}

#[test]
fn gauges_show_the_latest_value() {
    let _alone = alone();
    let guard = install();
    kinds::level(&Model::Small).record(7);
    thread::spawn(|| kinds::level(&Model::Small).record(3)).join().unwrap();
    kinds::offset().record(-4);
    kinds::ratio().record(0.5);
    kinds::ratio().record(f64::NAN);
    let found = point(&guard, "kinds.level", &[("model", "small")]);
    assert_eq!(found.value, PointValue::Gauge(Number::U64(3)));
    assert_eq!((value(&guard, "kinds.offset", &[]), value(&guard, "kinds.ratio", &[])), (-4.0, 0.5));
}

fn bounds(name: &str, guard: &cryostorm::TelemetryGuard) -> (Vec<f64>, Vec<u64>) {
    match point(guard, name, &[]).value {
        PointValue::Histogram { bounds, bucket_counts, .. } => (bounds, bucket_counts),
        other => panic!("{other:?}"),
    }
}

#[test]
fn histograms_have_the_buckets_that_are_declared() {
    let _alone = alone();
    let guard = install();
    for size in [5, 50, 500, 5000] {
        kinds::sizes(true).record(size);
    }
    let PointValue::Histogram { count, sum, bounds: given, bucket_counts, .. } =
        point(&guard, "kinds.sizes", &[("streamed", "true")]).value
    else {
        panic!("no histogram")
    };
    assert_eq!((count, sum, given, bucket_counts), (4, Number::U64(5555), vec![10.0, 100.0], vec![1, 1, 2]));
    kinds::durations().record(7.0);
    kinds::durations().record(f64::INFINITY);
    let (of_time, counts) = bounds("kinds.durations", &guard);
    assert_eq!((of_time[0], of_time[13], counts[1], counts.iter().sum::<u64>()), (5.0, 10_000.0, 1, 1));
    kinds::unitless().record(1.0);
    assert_eq!(bounds("kinds.unitless", &guard).0.len(), 15);
}

#[test]
fn what_is_out_of_range_goes_to_the_overflow_series() {
    let _alone = alone();
    let guard = install();
    for code in [0, 99, 100, 599, 600, u16::MAX] {
        kinds::codes(code).add(1);
    }
    assert_eq!(value(&guard, "kinds.codes", &[("code", "100")]), 1.0);
    assert_eq!(value(&guard, "kinds.codes", &[("code", "599")]), 1.0);
    assert_eq!(value(&guard, "kinds.codes", &OVERFLOW), 4.0);
    kinds::waiting(5).add(2);
    assert_eq!(value(&guard, "kinds.waiting", &OVERFLOW), 2.0);
}

#[test]
fn totals_of_several_threads_are_exact() {
    let _alone = alone();
    let guard = install();
    thread::scope(|scope| {
        for thread in 0..4_u64 {
            scope.spawn(move || {
                for round in 0..30_000_u64 {
                    let model = MODELS[(round % 3) as usize];
                    kinds::tokens(model, round % 2 == 0).add(thread + 1);
                    kinds::routes(if round % 2 == 0 { "/a" } else { "/b" }, model).add(1);
                    kinds::waiting((round % 3) as i8 - 1).add(1);
                    kinds::waiting(0).add(-1);
                    kinds::sizes(true).record(1);
                    kinds::fractions(model).add(0.25);
                    if round % 10_000 == 0 {
                        guard_is_flushed();
                    }
                }
            });
        }
    });
    assert_eq!(points(&guard, "kinds.tokens").len(), 6);
    assert_eq!(total(&guard, "kinds.tokens"), 300_000.0);
    assert_eq!(value(&guard, "kinds.tokens", &[("model", "small"), ("streamed", "true")]), 50_000.0);
    assert_eq!((points(&guard, "kinds.routes").len(), total(&guard, "kinds.routes")), (6, 120_000.0));
    assert_eq!(value(&guard, "kinds.routes", &[("route", "/b"), ("model", "the.other")]), 20_000.0);
    assert_eq!(total(&guard, "kinds.waiting"), 0.0);
    assert_eq!(value(&guard, "kinds.waiting", &[("messaging.partition", "0")]), -80_000.0);
    assert_eq!((total(&guard, "kinds.sizes"), total(&guard, "kinds.fractions")), (120_000.0, 30_000.0));
}

/// A collection while threads count.
fn guard_is_flushed() {
    cryostorm::Telemetry::global().force_flush(std::time::Duration::from_secs(30)).unwrap();
}
