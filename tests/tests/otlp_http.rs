//! What goes over the wire with OTLP over HTTP, seen by a server that answers as it is told.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;

use cryostorm_tests::program::{run, to_otlp};

/// The head of a request: its first line and its headers, in lower case.
type Head = Vec<String>;

/// Answers each request with `response`. The heads of the requests come out of the channel.
fn server(response: &'static str) -> (u16, mpsc::Receiver<Head>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let (heads, received) = mpsc::channel();
    thread::spawn(move || {
        for connection in listener.incoming().take(64).flatten() {
            let heads = heads.clone();
            thread::spawn(move || answer(connection, response, &heads));
        }
    });
    (port, received)
}

fn answer(mut connection: TcpStream, response: &str, heads: &mpsc::Sender<Head>) {
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
        let _ = heads.send(head);
        if connection.write_all(response.as_bytes()).is_err() {
            return;
        }
    }
}

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

#[test]
fn requests_carry_the_headers_that_are_set_to_the_path_of_the_signal() {
    let (port, heads) = server(OK);
    let port = port.to_string();
    let mut variables = to_otlp("http/protobuf", &port);
    variables.push(("TRACING__ADDITIONAL_EXPORTER_ARGS", r#"{"headers": {"X-Api-Key": "hunter2"}}"#));
    let ran = run(env!("CARGO_BIN_EXE_workload"), &["plain"], &variables);
    assert_eq!(ran.said("shutdown"), "ok", "{ran:?}");
    let heads: Vec<Head> = heads.try_iter().collect();
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
    let (port, _heads) = server(redirect.leak());
    let port = port.to_string();
    let mut variables = to_otlp("http/protobuf", &port);
    variables.push(("TRACING__ADDITIONAL_EXPORTER_ARGS", r#"{"headers": "x-api-key=hunter2"}"#));
    let ran = run(env!("CARGO_BIN_EXE_workload"), &["plain"], &variables);
    assert!(ran.success && ran.said("shutdown").contains("307"), "{ran:?}");
    assert!(!format!("{ran:?}").contains("hunter2"));
    assert_eq!(followed.try_iter().count(), 0, "nothing went to the other server");
}
