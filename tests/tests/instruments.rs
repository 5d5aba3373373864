//! Instruments that code makes while it runs.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use cryostorm::export::{Number, PointValue};
use cryostorm::metric::{Buckets, InstrumentError};
use cryostorm::opentelemetry::KeyValue;
use cryostorm::{Telemetry, TelemetryGuard};
use cryostorm_tests::installation::{alone, quiet};

/// Longer than anything here takes.
const LONG: Duration = Duration::from_secs(60);

fn install() -> TelemetryGuard {
    Telemetry::from_settings(quiet()).unwrap()
}

/// The values of a metric, in order: sums, latest values, and the sums of distributions.
fn values(guard: &TelemetryGuard, name: &str) -> Vec<String> {
    let points = guard.in_memory().metrics();
    let points = points.iter().filter(|point| point.name == name);
    let mut values: Vec<_> = points
        .map(|point| match &point.value {
            PointValue::Gauge(value) | PointValue::Sum { value, .. } => value.to_string(),
            PointValue::Histogram { sum, .. } => sum.to_string(),
            other => panic!("{other:?}"),
        })
        .collect();
    values.sort_unstable();
    values
}

#[test]
fn those_made_before_an_installation_work_after_it_and_after_the_next() {
    let _alone = alone();
    let global = Telemetry::global();
    let jobs = global.create_counter("early.jobs", "Jobs.", "{job}").unwrap();
    let open = global.create_up_down_counter("early.open", "", "").unwrap();
    let sizes = global.create_histogram("early.sizes", "", "By").unwrap();
    let level = global.create_gauge("early.level", "", "1").unwrap();
    jobs.add(1000, &[]);
    for _ in 0..3 {
        let guard = install();
        jobs.add(3, &[]);
        jobs.add(4, &[]);
        jobs.add(5, &[KeyValue::new("kind", "late")]);
        open.add(-2, &[]);
        sizes.record(2.5, &[]);
        level.record(0.5, &[]);
        guard.shutdown().unwrap();
        jobs.add(1000, &[]);
        assert_eq!(values(&guard, "early.jobs"), ["5", "7"]);
        assert_eq!(values(&guard, "early.open"), ["-2"]);
        assert_eq!(values(&guard, "early.sizes"), ["2.5"]);
        assert_eq!(values(&guard, "early.level"), ["0.5"]);
    }
}

#[test]
fn the_same_name_and_kind_is_the_same_instrument() {
    let _alone = alone();
    let guard = install();
    let make = |description| guard.create_counter("same.jobs", description, "{job}").unwrap();
    make("The first.").add(1, &[]);
    make("The second.").add(2, &[]);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| guard.create_counter("Same.Jobs", "", "{job}").unwrap().add(1, &[]));
        }
    });
    guard.shutdown().unwrap();
    assert_eq!(values(&guard, "same.jobs"), ["7"]);
    let points = guard.in_memory().metrics();
    let of_it: Vec<_> = points.iter().filter(|point| point.name.eq_ignore_ascii_case("same.jobs")).collect();
    assert_eq!((of_it.len(), &*of_it[0].description, &*of_it[0].unit), (1, "The first.", "{job}"));
}

#[test]
fn another_kind_or_unit_is_an_error() {
    let global = Telemetry::global();
    global.create_counter("taken.name", "", "{job}").unwrap();
    let kind = global.create_histogram("taken.name", "", "{job}").unwrap_err();
    assert_eq!(
        kind.to_string(),
        r#"the instrument taken.name has the kind "counter" already, and cannot have "histogram""#
    );
    let unit = global.create_counter("Taken.name", "", "s").unwrap_err();
    assert_eq!(
        unit.to_string(),
        r#"the instrument Taken.name has the unit "{job}" already, and cannot have "s""#
    );
    let observed = global.create_observable_counter("taken.name", "", "{job}", |_| ());
    assert!(matches!(observed, Err(InstrumentError::Conflict { field: "kind", .. })));
}

#[cryostorm::counted(name = "taken.by_function", unit = "{job}")]
fn work() {}

#[test]
fn a_metric_that_the_program_declares_is_not_made_otherwise() {
    let _alone = alone();
    let guard = install();
    let error = guard.create_gauge("taken.By_Function", "", "{job}").unwrap_err();
    assert!(matches!(error, InstrumentError::Conflict { field: "kind", .. }), "{error}");
    let error = guard.create_counter("taken.by_function", "", "s").unwrap_err();
    assert!(matches!(error, InstrumentError::Conflict { field: "unit", .. }), "{error}");
    work();
    guard.create_counter("taken.by_function", "", "{job}").unwrap().add(2, &[]);
    guard.shutdown().unwrap();
    assert_eq!(values(&guard, "taken.by_function"), ["1", "2"]);
}

#[test]
fn names_and_units_are_checked() {
    let global = Telemetry::global();
    for name in ["", "1st", "with space", "ümlaut", "_private", &"n".repeat(256)] {
        let error = global.create_counter(name.to_owned(), "", "").unwrap_err();
        assert!(matches!(error, InstrumentError::Name(_)), "{error}");
    }
    for unit in ["µs", "two words", "line\n", &"u".repeat(64)] {
        let error = global.create_gauge("checked.unit", "", unit.to_owned()).unwrap_err();
        assert!(matches!(error, InstrumentError::Unit { .. }), "{error}");
    }
    global.create_gauge("n".repeat(255), "", "u".repeat(63)).unwrap();
}

/// The bounds of a histogram that has one series.
fn bounds(guard: &TelemetryGuard, name: &str) -> Vec<f64> {
    let points = guard.in_memory().metrics();
    match &points.iter().find(|point| point.name == name).unwrap().value {
        PointValue::Histogram { bounds, .. } => bounds.clone(),
        other => panic!("{other:?}"),
    }
}

#[cryostorm::metrics(prefix = "bounds")]
mod declared {
    /// Sizes.
    #[metric(unit = "By", buckets = [7, 8])]
    pub fn declared() -> Histogram<f64>;

    pub fn fractions() -> Counter<f64>;
}

#[test]
fn histograms_have_the_buckets_of_their_unit_or_those_that_are_asked_for() {
    let _alone = alone();
    let guard = install();
    let own = |bounds: &[f64]| Buckets::new(bounds).unwrap();
    let make = |name: &'static str, unit| guard.create_histogram(name, "", unit).unwrap().record(1.0, &[]);
    make("bounds.seconds", "s");
    make("bounds.millis", "ms");
    make("bounds.bytes", "By");
    make("bounds.declared", "By");
    let chosen = |bounds| guard.create_histogram_with_buckets("bounds.chosen", "", "s", own(bounds));
    chosen(&[1.5, 3.0]).unwrap().record(1.0, &[]);
    chosen(&[1.5, 3.0]).unwrap();
    // Whoever does not ask for buckets takes those that there are.
    make("bounds.chosen", "s");
    assert_eq!(
        chosen(&[2.0]).unwrap_err().to_string(),
        r#"the instrument bounds.chosen has the buckets "[1.5, 3.0]" already, and cannot have "[2.0]""#
    );
    let error = guard.create_histogram_with_buckets("bounds.declared", "", "By", own(&[1.0])).unwrap_err();
    assert!(matches!(error, InstrumentError::Conflict { field: "buckets", .. }), "{error}");
    let error = guard.create_counter("bounds.fractions", "", "").unwrap_err();
    assert!(matches!(error, InstrumentError::Conflict { field: "type of values", .. }), "{error}");
    guard.shutdown().unwrap();
    let seconds = bounds(&guard, "bounds.seconds");
    assert_eq!((seconds[0], seconds[13], seconds.len()), (0.005, 10.0, 14));
    assert_eq!(bounds(&guard, "bounds.millis")[0], 5.0);
    assert_eq!(bounds(&guard, "bounds.bytes")[14], 10_000.0);
    assert_eq!(bounds(&guard, "bounds.declared"), [7.0, 8.0]);
    assert_eq!(bounds(&guard, "bounds.chosen"), [1.5, 3.0]);
}

#[test]
fn what_is_observed_is_looked_up_whatever_panics() {
    let _alone = alone();
    let looked = Arc::new(AtomicU64::new(0));
    let looks = Arc::clone(&looked);
    let global = Telemetry::global();
    global.create_observable_gauge("observed.broken", "", "", |_| panic!("on purpose")).unwrap();
    global
        .create_observable_counter("observed.looks", "", "", move |observer| {
            observer.observe(7, &[]);
            // Not made here, where the SDK would wait for this very collection.
            let nested = Telemetry::global().create_counter("observed.nested", "", "").unwrap();
            nested.add(1, &[]);
            looks.fetch_add(1, Ordering::Relaxed);
        })
        .unwrap();
    global.create_observable_up_down_counter("observed.sum", "", "", |o| o.observe(-7, &[])).unwrap();
    for _ in 0..2 {
        let guard = install();
        guard.force_flush(LONG).unwrap();
        assert_eq!(values(&guard, "observed.looks"), ["7"]);
        assert_eq!(values(&guard, "observed.sum"), ["-7"]);
        assert_eq!(values(&guard, "observed.broken"), [""; 0]);
        let before = looked.load(Ordering::Relaxed);
        guard.shutdown().unwrap();
        assert_eq!(looked.load(Ordering::Relaxed), before + 1, "once a collection");
    }
}

#[test]
fn no_more_observe_one_instrument_than_there_can_be() {
    let global = Telemetry::global();
    let more = || global.create_observable_gauge("observed.by_many", "", "", |_| ());
    let accepted = (0..2000).take_while(|_| more().is_ok()).count();
    assert_eq!(accepted, 1000);
    assert!(matches!(more(), Err(InstrumentError::TooMany { limit: 1000, .. })));
}

#[test]
fn an_instrument_that_is_made_during_a_collection_counts_for_all_who_ask_for_it() {
    let _alone = alone();
    let guard = install();
    let (asked, is_asked) = mpsc::channel();
    let (go_on, may_go_on) = mpsc::channel::<()>();
    let (asked, may_go_on) = (Mutex::new(asked), Mutex::new(may_go_on));
    guard
        .create_observable_gauge("observed.slowly", "", "", move |_| {
            // Only the first time: nobody listens later.
            if asked.lock().unwrap().send(()).is_ok() {
                let _ = may_go_on.lock().unwrap().recv();
            }
        })
        .unwrap();
    let flushing = guard.clone();
    let flush = thread::spawn(move || flushing.force_flush(LONG));
    is_asked.recv().unwrap();
    drop(is_asked);
    let barrier = Arc::new(Barrier::new(3));
    let add = |by| {
        let (telemetry, barrier) = (guard.clone(), Arc::clone(&barrier));
        thread::spawn(move || {
            barrier.wait();
            telemetry.create_counter("made.meanwhile", "", "").unwrap().add(by, &[]);
        })
    };
    let adders = [add(1), add(100)];
    barrier.wait();
    drop(go_on);
    adders.into_iter().for_each(|adder| adder.join().unwrap());
    flush.join().unwrap().unwrap();
    guard.shutdown().unwrap();
    assert_eq!(values(&guard, "made.meanwhile"), ["101"]);
}

#[test]
fn the_build_is_told_by_a_metric() {
    let _alone = alone();
    let mut settings = quiet();
    settings.service.name = "shop".to_owned();
    settings.service.version = "1.2.3".to_owned();
    settings.service.additional_attributes =
        [("vcs.ref.head.revision".to_owned(), "9d59409".into()), ("region".to_owned(), "north".into())]
            .into();
    let guard = Telemetry::from_settings(settings).unwrap();
    guard.shutdown().unwrap();
    let points = guard.in_memory().metrics();
    let build: Vec<_> = points.iter().filter(|point| point.name == "build_info").collect();
    assert_eq!((build.len(), &build[0].value), (1, &PointValue::Gauge(Number::U64(1))));
    let mut attributes: Vec<_> =
        build[0].attributes.iter().map(|pair| format!("{}={}", pair.key, pair.value)).collect();
    attributes.sort_unstable();
    assert_eq!(attributes, ["service.name=shop", "service.version=1.2.3", "vcs.ref.head.revision=9d59409"]);
}
