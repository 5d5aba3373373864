//! What promtool, Prometheus and the Collector make of the same run.

use std::thread;

use cryostorm::metric::MetricReaderFactory;
use cryostorm::opentelemetry::KeyValue;
use cryostorm::settings::{ExporterType, TelemetrySettings};
use cryostorm::{Factory as _, Telemetry, counted, timed};
use cryostorm_tests::collector::Collector;
use cryostorm_tests::installation::alone;
use cryostorm_tests::prometheus::{Prometheus, get};
use cryostorm_tests::promtool::Promtool;
use cryostorm_tests::received::Data;

use super::server::{address, served};

/// How many increments each of two threads makes.
const EACH: u32 = 500_000;

#[counted(name = "steps", description = "Steps.", unit = "{step}", attributes(side = if left { "left" } else { "right" }))]
#[timed(name = "step.duration", description = "What a step takes.")]
fn step(left: bool) -> bool {
    left
}

fn walk() {
    thread::scope(|scope| {
        for left in [true, false] {
            scope.spawn(move || (0..EACH).for_each(|_| assert_eq!(step(left), left)));
        }
    });
}

#[test]
fn promtool_finds_nothing() {
    let _alone = alone();
    let telemetry = Telemetry::from_settings(served()).unwrap();
    step(true);
    telemetry.create_counter("io.read", "Bytes read.", "By").unwrap().add(1, &[]);
    telemetry.create_up_down_counter("io.open", "Open files.", "{file}").unwrap().add(1, &[]);
    telemetry.meter().f64_gauge("io.busy").with_unit("1").with_description("Busy.").build().record(0.5, &[]);
    let scrape = get(address(&telemetry), "GET", "/metrics", "").unwrap();
    telemetry.shutdown().unwrap();
    assert!(scrape.body.contains("io_read_bytes_total{"), "{scrape:?}");
    let Some(promtool) = Promtool::find_or_skip("promtool check metrics") else { return };
    promtool.check_metrics(&scrape.body);
}

/// Settings under which metrics are pushed to the Collector.
fn pushed(collector: &Collector) -> TelemetrySettings {
    let mut settings = served();
    settings.metrics.exporter_type = ExporterType::Otlp;
    settings.metrics.collector.host = "127.0.0.1".to_owned();
    settings.metrics.collector.port = Some(collector.grpc_port());
    settings.metrics.export_interval_millis = 100;
    settings
}

#[test]
fn prometheus_and_the_collector_agree_on_every_increment() {
    let _alone = alone();
    let Some(collector) = Collector::start_or_skip("totals at the Collector and Prometheus") else { return };
    let pushed = pushed(&collector);
    let foundation = Telemetry::builder(pushed.clone()).build_foundation().unwrap();
    let reader = MetricReaderFactory::from_settings(&pushed, &foundation).create().unwrap();
    let telemetry = Telemetry::builder(served()).with_metric_reader(reader).install().unwrap();
    let address = address(&telemetry);
    let Some(prometheus) = Prometheus::start_or_skip("totals at the Collector and Prometheus", address)
    else {
        return;
    };
    // Both collect while the threads count.
    prometheus.expect("up", 1.0).unwrap();
    walk();

    let total = f64::from(2 * EACH);
    prometheus.expect("sum(steps_total{job=\"suite\"})", total).unwrap();
    prometheus.expect("steps_total{side=\"left\",otel_scope_name=\"cryostorm\"}", total / 2.0).unwrap();
    prometheus.expect("sum(step_duration_seconds_count)", total).unwrap();
    prometheus.expect("sum(step_duration_seconds_bucket{le=\"+Inf\"})", total).unwrap();
    prometheus.expect("count(target_info{service_name=\"unknown-service\"})", 1.0).unwrap();
    // It warns of samples that are there twice or that it cannot take.
    assert_eq!(prometheus.log(), "");
    telemetry.shutdown().unwrap();

    let received = collector.stop();
    let steps = received.latest_metrics().into_iter().filter(|metric| metric.name == "steps");
    let sums: Vec<f64> = steps
        .map(|metric| match metric.data {
            Data::Sum { value, .. } => value,
            ref other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(sums, [total / 2.0, total / 2.0]);
}

#[test]
fn prometheus_takes_whatever_text_a_label_has() {
    let _alone = alone();
    let telemetry = Telemetry::from_settings(served()).unwrap();
    let Some(prometheus) = Prometheus::start_or_skip("labels of any text", address(&telemetry)) else {
        return;
    };
    let gauge = telemetry.meter().u64_gauge("hostile").with_description("\"\\\n\0\r\u{2028}").build();
    let texts =
        ["\"", "\\", "\n", "\r", "\0", "\t\u{1}\u{7f}", "\u{2028}", "é\u{10ffff}", "# EOF", "} 1\n{", " "];
    for text in texts {
        gauge
            .record(1, &[KeyValue::new("text", text), KeyValue::new("le", text), KeyValue::new("job", text)]);
    }
    prometheus.expect("count(hostile)", texts.len() as f64).unwrap();
    assert_eq!(prometheus.log(), "");
    telemetry.shutdown().unwrap();
}
