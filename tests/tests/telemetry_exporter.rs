//! Exporters of counts and measurements: what arrives where, and what bad values, names and exporters cost.

#[path = "telemetry_exporter/collector.rs"]
mod collector;
#[path = "telemetry_exporter/inner.rs"]
mod inner;
#[path = "telemetry_exporter/non_blocking.rs"]
mod non_blocking;

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::sync::{Arc, OnceLock, Weak};
use std::thread;
use std::time::Duration;

use cryostorm::export::{MetricPoint, Number, PointValue};
use cryostorm::opentelemetry::logs::{AnyValue, Severity};
use cryostorm::opentelemetry_sdk::error::OTelSdkResult;
use cryostorm::opentelemetry_sdk::metrics::data::ResourceMetrics;
use cryostorm::opentelemetry_sdk::metrics::reader::MetricReader;
use cryostorm::opentelemetry_sdk::metrics::{InstrumentKind, ManualReader, Pipeline, Temporality};
use cryostorm::telemetry_exporter::{
    Buckets, DeliveryError, FanOut, LogExporter, MemoryExporter, MeterExporter, MetricName, MetricsCollector,
    NonBlockingExporter, Refused, TelemetryExporter,
};
use cryostorm::{Level, Telemetry, TelemetryGuard};
use cryostorm_tests::installation::{alone, quiet};

use inner::Panics;

/// Far more than anything here takes.
pub(crate) const LONG: Duration = Duration::from_secs(60);

pub(crate) const HITS: MetricName = MetricName::from_static("cache.hits");
pub(crate) const LOAD_DURATION: MetricName = MetricName::from_static("cache.load.duration");

/// A library as its users have it: it knows the trait and nothing else.
struct Cache {
    exporter: Arc<dyn TelemetryExporter>,
}

impl Cache {
    fn get(&self) {
        self.exporter.increment(&HITS, 2);
        self.exporter.observe_duration(&LOAD_DURATION, Duration::from_millis(1500));
    }
}

fn point<'a>(points: &'a [MetricPoint], name: &MetricName) -> &'a PointValue {
    &points.iter().find(|point| point.name == name.as_str()).expect("a point").value
}

fn collected(guard: &TelemetryGuard) -> Vec<MetricPoint> {
    guard.force_flush(LONG).unwrap();
    guard.in_memory().metrics()
}

#[test]
fn a_library_exports_to_whatever_it_is_handed() {
    let _alone = alone();
    let guard = Telemetry::from_settings(quiet()).unwrap();
    let (first, second) = (MemoryExporter::default(), MemoryExporter::default());
    let behind = MemoryExporter::default();
    let queue = Arc::new(NonBlockingExporter::new(behind.clone()).unwrap());
    let collector = Arc::new(MetricsCollector::default());
    let all: [Arc<dyn TelemetryExporter>; 5] = [
        Arc::new(first.clone()),
        Arc::new(second.clone()),
        queue.clone(),
        collector.clone(),
        Arc::new(MeterExporter::new()),
    ];
    Cache { exporter: Arc::new(FanOut::new(all)) }.get();
    queue.shutdown(LONG).unwrap();
    for memory in [first, second, behind] {
        assert_eq!((memory.total(&HITS), memory.observations(&LOAD_DURATION)), (2, vec![1.5]));
    }
    let snapshot = collector.snapshot();
    assert_eq!((snapshot.totals[&HITS], snapshot.distributions[&LOAD_DURATION].sum), (2, 1.5));
    let points = collected(&guard);
    assert_eq!(point(&points, &HITS), &PointValue::Sum { value: Number::U64(2), monotonic: true });
    guard.shutdown().unwrap();
}

#[test]
fn meters_get_one_instrument_for_each_name_with_the_buckets_that_were_chosen() {
    let _alone = alone();
    let guard = Telemetry::from_settings(quiet()).unwrap();
    let size = MetricName::new("cache.entry.size").unwrap();
    let exporter = MeterExporter::new().with_buckets_of(size.clone(), Buckets::new([100.0, 1000.0]).unwrap());
    for value in [70.0, 100.0, 101.0, 5000.0] {
        exporter.observe(&size, value);
    }
    exporter.observe_duration(&LOAD_DURATION, Duration::from_millis(20));
    exporter.increment(&HITS, 1);
    exporter.increment(&MetricName::new("Cache.Hits").unwrap(), 2);
    let points = collected(&guard);
    assert_eq!(point(&points, &HITS), &PointValue::Sum { value: Number::U64(3), monotonic: true });
    let PointValue::Histogram { bounds, bucket_counts, sum, .. } = point(&points, &size) else { panic!() };
    assert_eq!(
        (&bounds[..], &bucket_counts[..], sum),
        (&[100.0, 1000.0][..], &[2, 1, 1][..], &Number::F64(5271.0))
    );
    let PointValue::Histogram { bounds, sum, .. } = point(&points, &LOAD_DURATION) else { panic!() };
    assert_eq!((bounds[0], sum), (0.005, &Number::F64(0.02)), "durations are in seconds");
    assert_eq!(exporter.refused(), Refused::default());
    guard.shutdown().unwrap();
}

#[test]
fn meters_refuse_and_count_what_would_spoil_a_metric() {
    let _alone = alone();
    let guard = Telemetry::from_settings(quiet()).unwrap();
    let exporter = Arc::new(MeterExporter::new().with_limit(2));
    exporter.increment(&HITS, 1);
    exporter.observe(&HITS, 1.0);
    exporter.observe(&LOAD_DURATION, 1.0);
    exporter.increment(&LOAD_DURATION, 1);
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        exporter.observe(&LOAD_DURATION, value);
    }
    exporter.increment(&MetricName::from_static("one.too.many"), 1);
    let refused = exporter.refused();
    assert_eq!((refused.not_finite, refused.other_kind, refused.too_many_names), (3, 2, 1));
    assert_eq!((refused.suppressed, refused.total()), (0, 6));
    let points = collected(&guard);
    assert_eq!(point(&points, &HITS), &PointValue::Sum { value: Number::U64(1), monotonic: true });
    let PointValue::Histogram { count, sum, .. } = point(&points, &LOAD_DURATION) else { panic!() };
    assert_eq!((*count, *sum), (1, Number::F64(1.0)));
    assert!(points.iter().all(|point| point.name != "one.too.many"));
    guard.shutdown().unwrap();
}

#[test]
fn a_new_metric_in_a_callback_of_a_collection_is_refused_and_not_waited_for() {
    let _alone = alone();
    let guard = Telemetry::from_settings(quiet()).unwrap();
    let exporter = Arc::new(MeterExporter::new());
    let in_callback = Arc::clone(&exporter);
    let meter = guard.meter();
    let gauge = meter.u64_observable_gauge("observed");
    let _gauge = gauge.with_callback(move |_| in_callback.increment(&HITS, 1)).build();
    collected(&guard);
    assert!(exporter.refused().suppressed >= 1);
    guard.shutdown().unwrap();
}

#[test]
fn logs_say_each_call_at_the_level_that_was_chosen() {
    let _alone = alone();
    let guard = Telemetry::from_settings(quiet()).unwrap();
    let exporter = LogExporter::new(&guard).with_level(Level::Warn);
    exporter.increment(&HITS, 2);
    exporter.observe_duration(&LOAD_DURATION, Duration::from_millis(250));
    exporter.observe(&LOAD_DURATION, f64::NAN);
    LogExporter::new(&guard).with_level(Level::Debug).increment(&HITS, 1);
    guard.shutdown().unwrap();
    let logs = guard.in_memory().logs();
    let said: Vec<_> = logs.iter().map(|log| (log.body().cloned().unwrap(), log.severity_number())).collect();
    let expected = ["cache.hits +2", "cache.load.duration 0.25"];
    assert_eq!(said, expected.map(|body| (AnyValue::from(body), Some(Severity::Warn))));
    let attributes: Vec<_> =
        logs[0].attributes_iter().map(|(key, value)| (key.as_str(), value.clone())).collect();
    assert_eq!(
        attributes,
        [("metric.name", AnyValue::from("cache.hits")), ("metric.value", AnyValue::Int(2))]
    );
    assert_eq!(exporter.refused().not_finite, 1);
}

#[test]
fn one_of_several_that_panics_keeps_nobody_from_theirs() {
    let memory = MemoryExporter::default();
    let all: [Arc<dyn TelemetryExporter>; 3] = [Arc::new(Panics), Arc::new(memory.clone()), Arc::new(Panics)];
    let all = FanOut::new(all);
    all.increment(&HITS, 2);
    all.observe(&LOAD_DURATION, 0.5);
    all.observe(&LOAD_DURATION, f64::NAN);
    assert_eq!((memory.total(&HITS), memory.observations(&LOAD_DURATION)), (2, vec![0.5]));
    assert_eq!((all.panics(), all.refused().not_finite, memory.refused().total()), (vec![2, 0, 2], 1, 0));
    let error = all.flush(LONG).unwrap_err();
    assert!(matches!(error, DeliveryError::Failed(_)));
    assert_eq!(error.to_string(), "not delivered: exporter 0: it panicked; exporter 2: it panicked");
}

#[test]
fn what_is_told_before_an_installation_is_not_the_end_of_a_metric() {
    const EARLY: MetricName = MetricName::from_static("early.lookups");
    let _alone = alone();
    let exporter = MeterExporter::new();
    exporter.increment(&EARLY, 1000);
    for _ in 0..2 {
        let guard = Telemetry::from_settings(quiet()).unwrap();
        exporter.increment(&EARLY, 2);
        exporter.increment(&EARLY, 3);
        let points = collected(&guard);
        assert_eq!(point(&points, &EARLY), &PointValue::Sum { value: Number::U64(5), monotonic: true });
        guard.shutdown().unwrap();
    }
    assert_eq!(exporter.refused(), Refused::default());
}

#[test]
fn durations_are_in_seconds_and_say_so_wherever_they_come_through() {
    const DIRECT: MetricName = MetricName::from_static("unit.direct");
    const THROUGH: MetricName = MetricName::from_static("unit.through");
    const PLAIN: MetricName = MetricName::from_static("unit.plain");
    let _alone = alone();
    let guard = Telemetry::from_settings(quiet()).unwrap();
    let exporter: Arc<dyn TelemetryExporter> = Arc::new(MeterExporter::new());
    let queue = Arc::new(NonBlockingExporter::new(Arc::clone(&exporter)).unwrap());
    exporter.observe_duration(&DIRECT, Duration::from_millis(250));
    // The unit of the first call holds, and nobody loses a value by that.
    exporter.observe(&DIRECT, 0.5);
    FanOut::new([queue.clone() as Arc<dyn TelemetryExporter>])
        .observe_duration(&THROUGH, Duration::from_secs(1));
    queue.shutdown(LONG).unwrap();
    exporter.observe(&PLAIN, 1.0);
    let points = collected(&guard);
    let unit = |name: &MetricName| &*points.iter().find(|point| point.name == name.as_str()).unwrap().unit;
    assert_eq!([unit(&DIRECT), unit(&THROUGH), unit(&PLAIN)], ["s", "s", ""]);
    let PointValue::Histogram { count, sum, .. } = point(&points, &DIRECT) else { panic!() };
    assert_eq!((*count, *sum), (2, Number::F64(0.75)));
    guard.shutdown().unwrap();
}

#[cryostorm::metrics(prefix = "declared")]
mod declared {
    #[metric(unit = "By", buckets = [10, 20])]
    pub fn size() -> Histogram<f64>;

    pub fn level() -> Gauge<f64>;
}

#[test]
fn what_the_program_declares_holds_for_libraries_too() {
    const SIZE: MetricName = MetricName::from_static("declared.size");
    const LEVEL: MetricName = MetricName::from_static("declared.level");
    let _alone = alone();
    let guard = Telemetry::from_settings(quiet()).unwrap();
    declared::size().record(11.0);
    let exporter = MeterExporter::new();
    // The contract does not say what it is measured in.
    exporter.observe(&SIZE, 12.0);
    exporter.increment(&LEVEL, 1);
    exporter.increment(&LEVEL, 1);
    let other = MeterExporter::new();
    other.observe_duration(&SIZE, Duration::from_secs(1));
    assert_eq!((exporter.refused().conflicting, exporter.refused().total()), (2, 2));
    assert_eq!((other.refused().conflicting, other.refused().total()), (1, 1));
    let points = collected(&guard);
    let of_size: Vec<_> = points.iter().filter(|point| point.name == SIZE.as_str()).collect();
    assert_eq!((of_size.len(), &*of_size[0].unit), (1, "By"), "one instrument");
    let PointValue::Histogram { bucket_counts, .. } = &of_size[0].value else { panic!() };
    assert_eq!(bucket_counts[..], [0, 2, 0]);
    guard.shutdown().unwrap();
}

/// Counts each instrument that the SDK makes, as whoever counts log records counts what it says of that.
#[derive(Debug, Default)]
struct Counting {
    inner: ManualReader,
    exporter: OnceLock<MeterExporter>,
}

#[derive(Clone, Debug, Default)]
struct CountingReader(Arc<Counting>);

impl MetricReader for CountingReader {
    fn register_pipeline(&self, pipeline: Weak<Pipeline>) {
        self.0.inner.register_pipeline(pipeline);
    }

    fn collect(&self, metrics: &mut ResourceMetrics) -> OTelSdkResult {
        self.0.inner.collect(metrics)
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _timeout: Duration) -> OTelSdkResult {
        Ok(())
    }

    fn temporality(&self, _kind: InstrumentKind) -> Temporality {
        if let Some(exporter) = self.0.exporter.get() {
            exporter.increment(&MetricName::from_static("log.records"), 1);
        }
        Temporality::Cumulative
    }
}

#[test]
fn what_happens_while_the_sdk_makes_an_instrument_may_be_counted() {
    let _alone = alone();
    let reader = CountingReader::default();
    let guard = Telemetry::builder(quiet()).with_metric_reader(reader.clone()).install().unwrap();
    reader.0.exporter.set(MeterExporter::new()).unwrap();
    let (done, finished) = channel();
    let counts = reader.clone();
    thread::spawn(move || {
        counts.0.exporter.get().unwrap().increment(&MetricName::from_static("counted.while_made"), 1);
        done.send(()).unwrap();
    });
    finished.recv_timeout(LONG).expect("a call that returns");
    let refused = reader.0.exporter.get().unwrap().refused();
    assert!(refused.suppressed >= 1 && refused.suppressed == refused.total(), "{refused:?}");
    guard.shutdown().unwrap();
}

#[test]
fn losses_are_said_once_though_the_exporter_never_returns() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_losing"))
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stderr = BufReader::new(program.stderr.take().unwrap());
    let mut said = Vec::new();
    // The program goes on until its input ends, so that what it says about three things is said by then.
    for _ in 0..3 {
        let mut line = String::new();
        stderr.read_line(&mut line).unwrap();
        said.push(line);
    }
    drop(program.stdin.take());
    let mut rest = String::new();
    stderr.read_to_string(&mut rest).unwrap();
    assert!(program.wait().unwrap().success());
    let says = |part: &str| said.iter().filter(|line| line.contains(part)).count();
    assert_eq!(says("the telemetry exporter held loses calls: the queue is full."), 1, "{said:?}");
    assert_eq!(
        says("the telemetry exporter panics loses calls: the exporter behind it panicked."),
        1,
        "{said:?}"
    );
    assert_eq!(says("a value of the metric cache.load.duration is refused: it is not a finite number."), 1);
    assert_eq!(rest, "cryostorm: the telemetry exporter held: calls dropped: 998\n");
}
