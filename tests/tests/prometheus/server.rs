//! The server: what it answers, to whom, for how long, and what is said when it cannot.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::{Mutex, mpsc};
use std::time::{Duration, Instant};

use cryostorm::metric::prometheus::ScrapeError;
use cryostorm::settings::ExporterType;
use cryostorm::{Telemetry, TelemetryGuard, TelemetrySettings, counted};
use cryostorm_tests::collector::poll;
use cryostorm_tests::exposition::Exposition;
use cryostorm_tests::installation::{alone, quiet};
use cryostorm_tests::prometheus::get;

/// Far more than a scrape takes, and far less than the limits that would end it.
const SOON: Duration = Duration::from_secs(4);

pub(super) fn served() -> TelemetrySettings {
    let mut settings = quiet();
    settings.metrics.exporter_type = ExporterType::Prometheus;
    settings.metrics.prometheus.port = 0;
    settings
}

pub(super) fn address(telemetry: &Telemetry) -> SocketAddr {
    telemetry.prometheus().and_then(|prometheus| prometheus.address()).expect("a server")
}

fn install(settings: TelemetrySettings) -> (TelemetryGuard, SocketAddr) {
    let telemetry = Telemetry::from_settings(settings).unwrap();
    let address = address(&telemetry);
    (telemetry, address)
}

fn scrape(address: SocketAddr) -> Exposition {
    let answer = get(address, "GET", "/metrics", "").unwrap();
    assert_eq!(answer.status, 200, "{answer:?}");
    Exposition::parse(&answer.body, false).unwrap()
}

#[counted(name = "work", description = "Work.")]
fn work() {}

#[test]
fn each_scrape_has_all_that_was_counted_until_then() {
    let _alone = alone();
    let (telemetry, address) = install(served());
    for total in [1.0, 2.0] {
        work();
        let read = scrape(address);
        assert_eq!(read.value("work_total", &[("otel_scope_name", "cryostorm")]), Some(total));
    }
    let target = scrape(address).value(
        "target_info",
        &[
            ("service_name", "unknown-service"),
            ("service_version", "0.1.0"),
            ("deployment_environment_name", "production"),
            ("telemetry_sdk_language", "rust"),
        ],
    );
    assert_eq!(target, Some(1.0));
    telemetry.force_flush(Duration::from_secs(1)).unwrap();
    telemetry.shutdown().unwrap();
}

#[test]
fn the_format_is_the_one_asked_for() {
    let _alone = alone();
    let (telemetry, address) = install(served());
    for (fields, content_type, is_openmetrics) in [
        ("", "text/plain; version=0.0.4; charset=utf-8", false),
        (
            "Accept: text/plain;q=0.1\r\nAccept: application/openmetrics-text;version=1.0.0\r\n",
            "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores",
            true,
        ),
    ] {
        let answer = get(address, "GET", "/metrics?x=y", fields).unwrap();
        assert!(answer.head.contains(&format!("content-type: {content_type}\r\n")), "{answer:?}");
        Exposition::parse(&answer.body, is_openmetrics).unwrap();
    }
    telemetry.shutdown().unwrap();
}

#[test]
fn nothing_else_is_answered() {
    let _alone = alone();
    let (telemetry, address) = install(served());
    let head = get(address, "HEAD", "/metrics", "").unwrap();
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    assert_eq!(get(address, "GET", "/", "").unwrap().status, 404);
    let posted = get(address, "POST", "/metrics", "Content-Length: 0\r\n").unwrap();
    assert!(posted.status == 405 && posted.head.contains("allow: get, head"), "{posted:?}");
    let field = format!("X: {}\r\n", "x".repeat(64 * 1024));
    // Refused, perhaps before all of it was sent.
    let long = get(address, "GET", "/metrics", &field);
    assert!(long.as_ref().map_or(true, |answer| answer.status == 431), "{long:?}");
    scrape(address);
    telemetry.shutdown().unwrap();
}

#[test]
fn every_executor_is_served_alike() {
    let _alone = alone();
    let body = || {
        let (telemetry, address) = install(served());
        work();
        // Blocks the executor's thread, which the server does not need.
        assert_eq!(scrape(address).value("work_total", &[]), Some(1.0));
        telemetry.shutdown().unwrap();
    };
    body();
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async { body() });
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap().block_on(async { body() });
    futures::executor::block_on(async { body() });
}

#[test]
fn shutdown_frees_the_port() {
    let _alone = alone();
    let (telemetry, address) = install(served());
    let reader = telemetry.prometheus().unwrap();
    scrape(address);
    telemetry.shutdown().unwrap();
    assert!(telemetry.prometheus().is_none());
    assert_eq!(reader.scrape(None).unwrap_err(), ScrapeError::Ended);
    let mut settings = served();
    settings.metrics.prometheus.port = address.port();
    let (telemetry, again) = install(settings);
    assert_eq!(again, address);
    scrape(address);
    telemetry.shutdown().unwrap();
}

#[test]
fn a_port_that_is_taken_is_an_error_of_the_installation() {
    let _alone = alone();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let mut settings = served();
    settings.metrics.prometheus.port = port;
    let error = Telemetry::from_settings(settings).unwrap_err().to_string();
    for part in [
        "setting up metrics",
        &format!("http://127.0.0.1:{port}/metrics"),
        "in use",
        "METRICS__PROMETHEUS__HOST and METRICS__PROMETHEUS__PORT",
    ] {
        assert!(error.contains(part), "{part} in {error}");
    }
    assert!(!Telemetry::global().is_initialized());
}

#[test]
fn settings_that_cannot_be_are_refused_by_name() {
    for (name, value, accepted) in [
        ("TRACING__EXPORTER_TYPE", "prometheus", "one of `console`, `otlp`, `in_memory`"),
        ("LOGGING__EXPORTER_TYPE", "prometheus", "one of `console`, `otlp`, `in_memory`"),
        ("METRICS__EXPORTER_TYPE", "graphite", "one of `console`, `otlp`, `in_memory`, `prometheus`"),
        ("METRICS__PROMETHEUS__HOST", "example.org", "`localhost` or an IP address of this machine"),
        ("METRICS__PROMETHEUS__PORT", "70000", "a whole number from 0 to 65535"),
        ("METRICS__PROMETHEUS__TRANSLATION_STRATEGY", "dots", "`no_translation`"),
    ] {
        let error = TelemetrySettings::from_vars([(name, value)]).unwrap_err().to_string();
        assert!(error.contains(&format!("{name}={value:?}")) && error.contains(accepted), "{error}");
    }
}

#[test]
fn slow_clients_hold_up_nobody_and_are_cut_off() {
    let _alone = alone();
    let (telemetry, address) = install(served());
    let slow = |count| -> Vec<_> {
        let connect = || {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
            stream.write_all(b"GET /metrics HTTP/1.1\r\nHost:").unwrap();
            stream
        };
        (0..count).map(|_| connect()).collect()
    };
    let mut first = slow(60);
    let start = Instant::now();
    scrape(address);
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
    // More than are answered at the same time: whoever comes next waits until the first are cut off.
    let more = slow(60);
    scrape(address);
    let mut rest = Vec::new();
    let read = first[0].read_to_end(&mut rest);
    assert!(read.is_err() || !String::from_utf8_lossy(&rest).contains("200 OK"), "{rest:?}");
    // Those that are left are not waited for.
    let start = Instant::now();
    telemetry.shutdown().unwrap();
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
    drop(more);
}

#[test]
fn a_callback_that_hangs_costs_that_scrape() {
    let _alone = alone();
    let mut settings = served();
    settings.metrics.export_timeout_millis = 100;
    let (telemetry, address) = install(settings);
    let (release, held) = mpsc::channel::<()>();
    let held = Mutex::new(held);
    let meter = telemetry.meter();
    let gauge = meter.u64_observable_gauge("held").with_callback(move |observer| {
        // Once; afterwards there is nobody who could send.
        let _ = held.lock().unwrap().recv_timeout(Duration::from_secs(60));
        observer.observe(1, &[]);
    });
    let _gauge = gauge.build();
    let late = get(address, "GET", "/metrics", "").unwrap();
    assert!(late.status == 503 && late.body.contains("takes longer than 100ms"), "{late:?}");
    drop(release);
    let answer = poll(|| get(address, "GET", "/metrics", "").ok().filter(|answer| answer.status == 200));
    assert!(answer.expect("an answer").body.contains("held{"));
    telemetry.shutdown().unwrap();
}

#[test]
fn a_callback_that_panics_is_said_once_and_the_server_lives_on() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_scraped"))
        .envs([("METRICS__EXPORTER_TYPE", "prometheus"), ("METRICS__PROMETHEUS__PORT", "0")])
        .envs([("TRACING__EXPORTER_TYPE", "in_memory"), ("LOGGING__EXPORTER_TYPE", "in_memory")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let port: u16 = line.trim().strip_prefix("port: ").unwrap().parse().unwrap();
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    for _ in 0..3 {
        let answer = get(address, "GET", "/metrics", "").unwrap();
        assert!(answer.status == 500 && answer.body.contains("a callback panicked"), "{answer:?}");
    }
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let ours: Vec<_> = said.lines().filter(|line| line.starts_with("cryostorm: ")).collect();
    assert_eq!(
        ours,
        [
            "cryostorm: no scrape is answered: a callback panicked, and nothing is collected since. This is said once."
        ]
    );
}
