//! What goes over the wire with OTLP over HTTP, seen by a server that answers as it is told.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

use cryostorm::settings::{Arguments, ExporterType, OtlpTransport};
use cryostorm::{Telemetry, TelemetrySettings};
use cryostorm_tests::installation::{alone, quiet};
use cryostorm_tests::program::{run, to_otlp};

/// The head of a request: its first line and its headers, in lower case.
type Head = Vec<String>;

struct Request {
    head: Head,
    body: Vec<u8>,
}

/// Answers each request with `response`. The requests come out of the channel.
fn server(response: &str) -> (u16, mpsc::Receiver<Request>) {
    server_with(vec![response.as_bytes().to_vec()])
}

/// Gives one answer after the other, and the last again and again.
fn server_with(responses: Vec<Vec<u8>>) -> (u16, mpsc::Receiver<Request>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let (requests, received) = mpsc::channel();
    let responses = Arc::new(Mutex::new(responses));
    thread::spawn(move || {
        for connection in listener.incoming().take(64).flatten() {
            let (requests, responses) = (requests.clone(), Arc::clone(&responses));
            thread::spawn(move || answer(connection, &responses, &requests));
        }
    });
    (port, received)
}

fn next(responses: &Mutex<Vec<Vec<u8>>>) -> Vec<u8> {
    let mut responses = responses.lock().expect("nobody panicked");
    if responses.len() > 1 { responses.remove(0) } else { responses[0].clone() }
}

fn answer(mut connection: TcpStream, responses: &Mutex<Vec<Vec<u8>>>, requests: &mpsc::Sender<Request>) {
    let mut reader = BufReader::new(connection.try_clone().expect("a clone"));
    for _ in 0..64 {
        let mut head = Head::new();
        for line in reader.by_ref().lines().map_while(Result::ok).take_while(|line| !line.is_empty()).take(64)
        {
            head.push(line.to_ascii_lowercase());
        }
        let length = head.iter().find_map(|line| line.strip_prefix("content-length: "));
        let Some(length) = length.and_then(|length| length.parse::<u64>().ok()) else { return };
        let mut body = Vec::new();
        if reader.by_ref().take(length).read_to_end(&mut body).is_err() {
            return;
        }
        let _ = requests.send(Request { head, body });
        if connection.write_all(&next(responses)).is_err() {
            return;
        }
    }
}

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

#[test]
fn requests_carry_the_headers_that_are_set_to_the_path_of_the_signal() {
    let (port, requests) = server(OK);
    let port = port.to_string();
    let mut variables = to_otlp("http/protobuf", &port);
    variables.push(("TRACING__ADDITIONAL_EXPORTER_ARGS", r#"{"headers": {"X-Api-Key": "hunter2"}}"#));
    let ran = run(env!("CARGO_BIN_EXE_workload"), &["plain"], &variables);
    assert_eq!(ran.said("shutdown"), "ok", "{ran:?}");
    let heads: Vec<Head> = requests.try_iter().map(|request| request.head).collect();
    for path in ["/v1/traces", "/v1/metrics", "/v1/logs"] {
        let head = heads.iter().find(|head| head[0] == format!("post {path} http/1.1")).expect(path);
        assert!(head.contains(&"content-type: application/x-protobuf".to_owned()), "{head:?}");
        let has_key = head.contains(&"x-api-key: hunter2".to_owned());
        assert_eq!(has_key, path == "/v1/traces", "{head:?}");
    }
}

#[test]
fn a_redirect_is_an_error_and_is_not_followed() {
    let (elsewhere, followed) = server(OK);
    let redirect =
        format!("HTTP/1.1 307 Moved\r\nlocation: http://127.0.0.1:{elsewhere}/\r\ncontent-length: 0\r\n\r\n");
    let (port, _requests) = server(&redirect);
    let port = port.to_string();
    let mut variables = to_otlp("http/protobuf", &port);
    variables.push(("TRACING__ADDITIONAL_EXPORTER_ARGS", r#"{"headers": "x-api-key=hunter2"}"#));
    let ran = run(env!("CARGO_BIN_EXE_workload"), &["plain"], &variables);
    assert!(ran.success && ran.said("shutdown").contains("307"), "{ran:?}");
    assert!(!format!("{ran:?}").contains("hunter2"));
    assert_eq!(followed.try_iter().count(), 0, "nothing went to the other server");
}

/// Settings that send spans to this port of the loopback interface, and nothing else anywhere.
fn to(port: u16) -> TelemetrySettings {
    let mut settings = quiet();
    settings.tracing.exporter_type = ExporterType::Otlp;
    settings.tracing.collector.host = "127.0.0.1".to_owned();
    settings.tracing.collector.port = Some(port);
    settings.tracing.collector.transport = OtlpTransport::HttpProtobuf;
    settings.tracing.additional_exporter_args =
        Arguments::default().with("headers", "authorization=Bearer hunter2");
    settings
}

/// An answer with a protobuf body.
fn response(status: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/x-protobuf\r\ncontent-length: {length}\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

/// A message of length-delimited `text` under field 2, after what is `before`.
fn with_text(before: &[u8], text: &str) -> Vec<u8> {
    [before, &[0x12, text.len() as u8], text.as_bytes()].concat()
}

fn spans(count: usize) {
    for _ in 0..count {
        Telemetry::global().span("work").in_scope(|_| ());
    }
}

#[test]
fn spans_that_are_rejected_are_counted_as_failed() {
    let _alone = alone();
    let partial_success = with_text(&[0x08, 3], "no such tenant");
    let answer = [&[0x0a, partial_success.len() as u8], &partial_success[..]].concat();
    let (port, _requests) = server_with(vec![response("200 OK", &answer)]);
    let guard = Telemetry::from_settings(to(port)).expect("an installation");
    spans(10);
    let said = guard.shutdown().expect_err("three are lost").to_string();
    assert!(said.contains(&format!("3 spans did not arrive at http://127.0.0.1:{port}")), "{said}");
    assert!(said.contains("3 of 10 spans were rejected: no such tenant"), "{said}");
    let stats = guard.export_stats().traces;
    assert_eq!((stats.accepted, stats.exported, stats.failed), (10, 7, 3), "{stats:?}");
}

#[test]
fn a_server_that_has_no_time_gets_the_same_again() {
    let _alone = alone();
    let busy = b"HTTP/1.1 503 Busy\r\nretry-after: 0\r\ncontent-length: 0\r\n\r\n".to_vec();
    let (port, requests) = server_with(vec![busy.clone(), busy, OK.as_bytes().to_vec()]);
    let guard = Telemetry::from_settings(to(port)).expect("an installation");
    spans(5);
    guard.shutdown().expect("all arrived");
    let bodies: Vec<_> = requests.try_iter().map(|request| request.body).collect();
    assert_eq!(bodies.len(), 3);
    assert!(!bodies[0].is_empty() && bodies.iter().all(|body| *body == bodies[0]));
    assert_eq!(guard.export_stats().traces.exported, 5);
}

#[test]
fn an_error_is_shown_as_the_server_puts_it_but_not_with_secrets() {
    let _alone = alone();
    for (message, shown) in [("no such tenant", true), ("no such token: hunter2", false)] {
        let (port, requests) = server_with(vec![response("403 Forbidden", &with_text(&[], message))]);
        let guard = Telemetry::from_settings(to(port)).expect("an installation");
        spans(1);
        let said = guard.shutdown().expect_err("it is lost").to_string();
        assert!(said.contains("HTTP status 403 Forbidden"), "{said}");
        assert_eq!(said.contains(message), shown, "{said}");
        assert!(!said.contains("hunter2"));
        assert_eq!(requests.try_iter().count(), 1, "what is forbidden is not tried again");
    }
}
