//! Collectors that are not there or do not answer, and settings that are wrong: what the user of a service sees.

use std::io::Read as _;
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use cryostorm_tests::program::{Ran, run, to_otlp};

const WORKLOAD: &str = env!("CARGO_BIN_EXE_workload");
const QUICKSTART: &str = env!("CARGO_BIN_EXE_quickstart");

/// What the workload computes, with or without telemetry: every order but each tenth costs twice its id plus two.
fn revenue() -> String {
    let taken = (0..100_u64).filter(|id| !id.is_multiple_of(10));
    taken.map(|id| id * 2 + 2).sum::<u64>().to_string()
}

/// A port of the loopback interface at which nobody listens.
fn closed_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}

/// A server that takes connections and never answers. Ends with the test's process.
fn silent_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        // Bounded, as every loop here: three signals connect once or a few times.
        for connection in listener.incoming().take(64).flatten() {
            thread::spawn(move || drain(connection));
        }
    });
    port
}

fn drain(mut connection: TcpStream) {
    let mut buffer = [0; 4096];
    while connection.read(&mut buffer).is_ok_and(|read| read > 0) {}
}

fn check_unharmed(ran: &Ran, endpoint: &str) {
    assert!(ran.success, "{ran:?}");
    assert_eq!(ran.said("revenue"), revenue());
    let shutdown = ran.said("shutdown");
    assert!(shutdown.contains(endpoint), "{ran:?}");
    for signal in ["501 spans", "metric points", "log records"] {
        assert!(shutdown.contains(signal), "{signal} in {shutdown}");
    }
}

#[test]
fn a_missing_collector_changes_nothing_and_is_said_once() {
    for transport in ["grpc", "http/protobuf"] {
        for (processor, executor) in
            [("batch", "plain"), ("simple", "current-thread"), ("batch", "multi-thread")]
        {
            let port = closed_port().to_string();
            let mut variables = to_otlp(transport, &port);
            variables
                .extend([("TRACING__PROCESSOR_TYPE", processor), ("LOGGING__PROCESSOR_TYPE", processor)]);
            let ran = run(WORKLOAD, &[executor], &variables);
            let endpoint = format!("http://127.0.0.1:{port}");
            check_unharmed(&ran, &endpoint);
            assert_eq!(ran.stderr.lines().count(), 1, "{ran:?}");
            assert!(ran.stderr.contains(&format!("to {endpoint}")), "{ran:?}");
            let traces = ran.said("shutdown").split(';').find(|part| part.contains("501 spans"));
            assert!(traces.is_some_and(|traces| traces.contains("onnection refused")), "{ran:?}");
        }
    }
}

#[test]
fn a_collector_that_never_answers_cannot_hold_up_shutdown() {
    for transport in ["grpc", "http/protobuf"] {
        for executor in ["plain", "current-thread", "multi-thread"] {
            let port = silent_port().to_string();
            let start = Instant::now();
            let ran = run(WORKLOAD, &[executor, "400"], &to_otlp(transport, &port));
            // Without the limit of 0.4 seconds, that of an export would hold: 30 seconds.
            assert!(start.elapsed() < Duration::from_secs(20), "{ran:?}");
            check_unharmed(&ran, &format!("http://127.0.0.1:{port}"));
            assert!(ran.said("shutdown").contains("not done within"), "{ran:?}");
        }
    }
}

#[test]
fn the_quickstart_succeeds_without_its_collector() {
    let port = closed_port().to_string();
    let ran = run(QUICKSTART, &[concat!(env!("CARGO_MANIFEST_DIR"), "/programs")], &to_otlp("grpc", &port));
    assert!(ran.success, "{ran:?}");
    assert!(ran.stdout.contains("Not all of it was delivered."), "{ran:?}");
    assert_eq!(ran.stderr.lines().count(), 1, "{ran:?}");
}

#[test]
fn a_wrong_setting_ends_the_program_with_one_error() {
    for (name, value, accepted) in [
        ("SERVICE__NAME", "", "not empty"),
        ("TRACING__SAMPLE_RATE", "1.5", "from 0.0 to 1.0"),
        ("TRACING__EXPORTR_TYPE", "otlp", "TRACING__EXPORTER_TYPE"),
        ("METRICS__EXPORT_INTERVAL_MILLIS", "abc", "milliseconds"),
        ("LOGGING__EXPORTER_TYPE", "jaeger", "`console`, `otlp`, `in_memory`"),
        ("TRACING__COLLECTOR__PORT", "99999", "from 1 to 65535"),
    ] {
        let ran = run(QUICKSTART, &[], &[(name, value)]);
        assert!(!ran.success && ran.stdout.is_empty(), "{ran:?}");
        assert_eq!(ran.stderr.lines().count(), 1, "{ran:?}");
        for word in [name, &format!("{value:?}"), accepted] {
            assert!(ran.stderr.contains(word), "{word} in {}", ran.stderr);
        }
    }
}
