//! What a histogram is called, what it measures in, and how calls under way are counted.

use std::pin::pin;

use cryostorm::export::{MetricPoint, Number, PointValue};
use cryostorm::timed;
use cryostorm_tests::trace::{give_way, label, points, poll_once, spans_of};

/// The only point of a function.
fn only(name: &str, function: &str) -> MetricPoint {
    let points = points(name, function);
    assert_eq!(points.len(), 1, "{points:?}");
    points[0].clone()
}

fn number(number: Number) -> f64 {
    number.to_string().parse().unwrap()
}

/// The sum and the bounds of a histogram.
fn measured(point: &MetricPoint) -> (f64, Vec<f64>) {
    match &point.value {
        PointValue::Histogram { count: 1, sum, bounds, .. } => (number(*sum), bounds.clone()),
        other => panic!("{other:?}"),
    }
}

macro_rules! units {
    ($($name:ident $unit:literal $per_second:expr)*) => {
        $(#[timed(name = concat_name::$name, unit = $unit)]
        fn $name() {})*

        mod concat_name {
            $(#[allow(non_upper_case_globals)]
            pub const $name: &str = concat!("unit.", stringify!($name));)*
        }

        #[test]
        fn values_and_default_bounds_are_in_the_unit() {
            spans_of(|| { $($name();)* });
            $({
                let point = only(concat_name::$name, stringify!($name));
                let (sum, bounds) = measured(&point);
                let per_second: f64 = $per_second;
                assert_eq!(point.unit, $unit);
                assert!(0.0 < sum && sum < 60.0 * per_second, "{sum} {}", $unit);
                assert_eq!(bounds.len(), 14);
                assert!((bounds[0] - 0.005 * per_second).abs() < 1e-9 * per_second, "{bounds:?}");
                assert!((bounds[13] - 10.0 * per_second).abs() < 1e-9 * per_second, "{bounds:?}");
            })*
        }
    };
}
units! {
    seconds "s" 1.0
    milliseconds "ms" 1e3
    microseconds "us" 1e6
    nanoseconds "ns" 1e9
    minutes "min" 1.0 / 60.0
    hours "h" 1.0 / 3600.0
}

const BOUNDS: &[f64] = &[0.5, 1.0];
const ARRAY: [f64; 3] = [1.0, 2.0, 3.0];

#[timed(name = "buckets.literal", buckets = [0.1, 1, 10.5])]
fn literal() {}

#[timed(name = "buckets.slice", buckets = BOUNDS)]
fn slice() {}

#[timed(name = "buckets.array", unit = "ms", buckets = ARRAY)]
fn array() {}

#[test]
fn buckets_are_a_list_or_a_constant_in_the_unit() {
    spans_of(|| (literal(), slice(), array()).0);
    assert_eq!(measured(&only("buckets.literal", "literal")).1, [0.1, 1.0, 10.5]);
    assert_eq!(measured(&only("buckets.slice", "slice")).1, BOUNDS);
    assert_eq!(measured(&only("buckets.array", "array")).1, ARRAY);
}

/// How long orders take.
#[timed(name = "orders.duration", attributes(channel = "web", large = amount > 3))]
fn documented(amount: u8) {}

/// The function's own words.
#[timed(name = "orders.described", description = "Given words.")]
fn described() {}

/// The function's own words.
#[timed]
fn shared() {}

#[test]
fn a_histogram_has_a_description_and_attributes() {
    spans_of(|| {
        documented(7);
        described();
        shared();
    });
    let point = only("orders.duration", "documented");
    assert_eq!((point.unit.as_str(), point.description.as_str()), ("s", "How long orders take."));
    assert_eq!(label(&point, "channel").as_deref(), Some("web"));
    assert_eq!(label(&point, "large").as_deref(), Some("true"));
    assert_eq!(point.attributes.len(), 3, "{point:?}");
    assert_eq!(only("orders.described", "described").description, "Given words.");
    assert_eq!(only("function.duration", "shared").description, "Durations of annotated functions.");
}

/// How many calls of a function are under way.
fn in_flight(name: &str, function: &str) -> Number {
    match only(name, function).value {
        PointValue::Sum { value, monotonic: false } => value,
        other => panic!("{other:?}"),
    }
}

#[timed(in_flight, attributes(channel = "web"))]
async fn under_way(fail: bool) -> Result<(), u8> {
    give_way().await;
    if fail { Err(1) } else { Ok(()) }
}

#[timed(in_flight = "orders.in_flight")]
fn under_way_named(look: impl FnOnce()) {
    look();
}

#[timed(in_flight = NAMED)]
fn under_way_constant() {}

const NAMED: &str = "orders.in_flight.constant";

#[test]
fn calls_under_way_are_counted_up_and_down() {
    spans_of(|| {
        let flying = || in_flight("function.in_flight", "under_way");
        let (mut done, mut failed) = (pin!(under_way(false)), pin!(under_way(true)));
        let mut dropped = Box::pin(under_way(false));
        assert!(poll_once(done.as_mut()).is_pending());
        assert_eq!(flying(), Number::I64(1));
        assert!(poll_once(failed.as_mut()).is_pending() && poll_once(dropped.as_mut()).is_pending());
        assert_eq!(flying(), Number::I64(3));
        let point = only("function.in_flight", "under_way");
        assert_eq!((label(&point, "channel").as_deref(), point.attributes.len()), (Some("web"), 2));
        assert_eq!(point.unit, "{call}");
        drop(dropped);
        assert!(poll_once(failed.as_mut()).is_ready());
        assert_eq!(flying(), Number::I64(1));
        assert!(poll_once(done.as_mut()).is_ready());
        assert_eq!(flying(), Number::I64(0));

        let flying = || in_flight("orders.in_flight", "under_way_named");
        under_way_named(|| assert_eq!(flying(), Number::I64(1)));
        assert_eq!(flying(), Number::I64(0));
        under_way_constant();
        assert_eq!(in_flight(NAMED, "under_way_constant"), Number::I64(0));
    });
    assert_eq!(points("function.duration", "under_way").len(), 3, "ok, failed and cancelled");
}
