//! What is observed while a thread ends, when its thread-local values are dropped one after the other.

use std::cell::RefCell;
use std::thread;

use cryostorm::export::PointValue;
use cryostorm::opentelemetry::metrics::Counter;
use cryostorm::opentelemetry::{Context, KeyValue};
use cryostorm::{Level, Telemetry, counted, timed, traced};
use cryostorm_tests::installation::{alone, quiet};
use cryostorm_tests::trace::poll_once;

#[traced]
fn work() {}

#[test]
fn the_end_of_a_thread_is_no_place_for_telemetry_but_no_harm() {
    struct AtTheEnd;

    impl Drop for AtTheEnd {
        fn drop(&mut self) {
            work();
            Telemetry::global().log(Level::Info, "late", &[]);
            Telemetry::global().span("late").in_scope(|span| span.set_attribute("late", true));
            cryostorm::current_span().set_attribute("late", true);
        }
    }

    thread_local!(static FIRST: AtTheEnd = const { AtTheEnd });

    let _alone = alone();
    let guard = Telemetry::from_settings(quiet()).unwrap();
    // Made before the thread's context, and so dropped after it.
    thread::spawn(|| {
        FIRST.with(|_| ());
        work();
    })
    .join()
    .unwrap();
    guard.shutdown().unwrap();
    assert_eq!(guard.in_memory().spans().len(), 1);
}

#[counted(name = "ending.calls")]
#[timed(name = "ending.duration")]
fn end() {}

#[cryostorm::metrics(prefix = "ending")]
mod ending {
    pub fn threads() -> Counter<u64>;
}

#[test]
fn what_is_counted_at_the_end_of_a_thread_is_counted() {
    fn made() -> Counter<u64> {
        Telemetry::global().create_counter("ending.made", "", "").unwrap()
    }

    struct AtTheEnd(Option<InFlight>);
    type InFlight = std::pin::Pin<Box<dyn Future<Output = ()>>>;

    impl Drop for AtTheEnd {
        fn drop(&mut self) {
            end();
            ending::threads().add(2);
            let made = made();
            made.add(3, &[]);
            made.add(4, &[KeyValue::new("late", true)]);
            drop(self.0.take());
        }
    }

    #[timed(name = "ending.async", in_flight = "ending.in_flight")]
    async fn never() {
        std::future::pending().await
    }

    thread_local!(static FIRST: RefCell<AtTheEnd> = const { RefCell::new(AtTheEnd(None)) });

    let _alone = alone();
    let guard = Telemetry::from_settings(quiet()).unwrap();
    // No instrument is made at the end of a thread.
    made();
    // One that measured before, and one that did not.
    for has_measured in [true, false] {
        thread::spawn(move || {
            FIRST.with_borrow_mut(|first| {
                if has_measured {
                    end();
                    let mut never: InFlight = Box::pin(never());
                    assert!(poll_once(never.as_mut()).is_pending());
                    first.0 = Some(never);
                }
            });
        })
        .join()
        .unwrap();
    }
    guard.shutdown().unwrap();
    let points = guard.in_memory().metrics();
    let totals = |name: &str| -> Vec<u64> {
        let of_it = points.iter().filter(|point| point.name == name);
        let mut totals: Vec<_> = of_it
            .map(|point| match &point.value {
                PointValue::Sum { value, .. } => value.to_string().parse().unwrap(),
                PointValue::Histogram { count, .. } => *count,
                other => panic!("{other:?}"),
            })
            .collect();
        totals.sort_unstable();
        totals
    };
    assert_eq!((totals("ending.calls"), totals("ending.duration")), (vec![3], vec![3]));
    assert_eq!((totals("ending.threads"), totals("ending.made")), (vec![4], vec![6, 8]));
    // A call that began before the end is no longer under way.
    assert_eq!((totals("ending.async"), totals("ending.in_flight")), (vec![1], vec![0]));
}

#[test]
fn what_goes_on_under_a_suppressed_parent_is_not_counted_whatever_went_on_before() {
    #[traced(context = parent)]
    #[timed(name = "quiet.duration", in_flight = "quiet.in_flight")]
    fn under(parent: &Context) {}

    let _alone = alone();
    let guard = Telemetry::from_settings(quiet()).unwrap();
    under(&Context::new());
    under(&Context::new().with_telemetry_suppressed());
    guard.shutdown().unwrap();
    let points = guard.in_memory().metrics();
    let value = |name: &str| {
        let point = points.iter().find(|point| point.name == name).unwrap();
        match &point.value {
            PointValue::Sum { value, .. } => value.to_string(),
            PointValue::Histogram { count, .. } => count.to_string(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!([value("quiet.duration"), value("quiet.in_flight")], ["1", "0"]);
}
