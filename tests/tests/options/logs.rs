//! `record_error`: where an error is written.

use std::thread;
use std::time::Duration;

use cryostorm::opentelemetry::Context;
use cryostorm::opentelemetry::logs::{AnyValue, Severity};
use cryostorm::opentelemetry::trace::{Status, TraceContextExt as _, Tracer as _};
use cryostorm::opentelemetry_sdk::logs::SdkLogRecord;
use cryostorm::task::with_current_context;
use cryostorm::traced;
use cryostorm_tests::trace::{error_type, give_way, poll_once, spans_of, telemetry};
use futures::executor::block_on;

#[derive(Debug)]
struct Unreadable {
    path: &'static str,
    source: std::num::ParseIntError,
}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "cannot read {}", self.path)
    }
}

impl std::error::Error for Unreadable {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

fn read(path: &'static str) -> Result<u8, Unreadable> {
    "x".parse().map_err(|source| Unreadable { path, source })
}

/// The log records with this body.
fn logs(body: &str) -> Vec<SdkLogRecord> {
    telemetry().force_flush(Duration::from_secs(30)).unwrap();
    let mut logs = telemetry().in_memory().logs();
    logs.retain(|log| log.body() == Some(&AnyValue::from(body.to_owned())));
    logs
}

fn text(log: &SdkLogRecord, key: &str) -> Option<String> {
    log.attributes_iter().find(|(name, _)| name.as_str() == key).map(|(_, value)| match value {
        AnyValue::String(text) => text.to_string(),
        other => panic!("{other:?}"),
    })
}

#[traced]
fn by_default() -> Result<u8, Unreadable> {
    read("by_default")
}

#[traced(record_error = event)]
fn as_event() -> Result<u8, Unreadable> {
    read("as_event")
}

#[traced(record_error = log)]
fn as_log() -> Result<u8, Unreadable> {
    read("as_log")
}

#[traced(record_error = both)]
async fn as_both() -> Result<u8, Unreadable> {
    give_way().await;
    read("as_both")
}

#[traced(record_error = none)]
fn as_none() -> Result<u8, Unreadable> {
    read("as_none")
}

#[test]
fn an_error_is_an_event_a_log_record_both_or_neither() {
    let trace = spans_of(|| {
        assert!(by_default().and(as_event()).and(as_log()).is_err());
        assert!(as_event().is_err() && as_log().is_err() && as_none().is_err());
        block_on(as_both()).unwrap_err();
    });
    let cases =
        [("by_default", 1, 0), ("as_event", 1, 0), ("as_log", 0, 1), ("as_both", 1, 1), ("as_none", 0, 0)];
    for (name, events, records) in cases {
        let span = trace.spans.iter().rfind(|span| span.name.ends_with(name)).unwrap();
        let message = format!("cannot read {name}");
        assert_eq!(span.status, Status::error(message.clone()), "whatever is recorded");
        assert_eq!(error_type(span).as_deref(), Some("options::logs::Unreadable"));
        assert_eq!(span.events.len(), events, "{name}");
        let calls = trace.spans.iter().filter(|span| span.name.ends_with(name)).count();
        assert_eq!(logs(&message).len(), records * calls, "{name}");
    }
}

#[traced(record_error = log)]
fn leaves_another_context_behind() -> Result<u8, Unreadable> {
    let other = telemetry().tracer().start("another span");
    std::mem::forget(Context::new().with_span(other).attach());
    read("what is left behind")
}

#[test]
fn an_error_is_part_of_its_call_whatever_that_left_behind() {
    let trace = spans_of(|| {
        let fails = with_current_context(|| assert!(leaves_another_context_behind().is_err()));
        thread::spawn(fails).join().unwrap();
    });
    let logs = logs("cannot read what is left behind");
    let [log] = logs.as_slice() else { panic!("{logs:?}") };
    let [call, left] = trace.spans.as_slice() else { panic!("{trace:?}") };
    assert_eq!(log.trace_context().unwrap().span_id, call.span_context.span_id());
    assert_eq!(call.status, Status::error("cannot read what is left behind"));
    assert_eq!((&*left.name, &left.status), ("another span", &Status::Unset));
}

#[traced(record_error = log)]
fn told() -> Result<u8, Unreadable> {
    read("a file")
}

#[test]
fn a_log_record_says_what_an_event_would_and_belongs_to_the_span() {
    let trace = spans_of(|| assert!(told().is_err()));
    let logs = logs("cannot read a file");
    let [log] = logs.as_slice() else { panic!("{logs:?}") };
    assert_eq!((log.severity_number(), log.severity_text()), (Some(Severity::Error), Some("ERROR")));
    assert!(log.timestamp().is_some());
    assert_eq!(text(log, "exception.type").as_deref(), Some("options::logs::Unreadable"));
    assert_eq!(text(log, "exception.message").as_deref(), Some("cannot read a file"));
    assert_eq!(
        text(log, "exception.stacktrace").as_deref(),
        Some("caused by: invalid digit found in string\n")
    );
    assert_eq!(text(log, "code.function.name").as_deref(), Some("options::logs::told"));
    let context = log.trace_context().unwrap();
    let span = &trace.only().span_context;
    assert_eq!((context.trace_id, context.span_id), (span.trace_id(), span.span_id()));
    assert_eq!(context.trace_flags, Some(span.trace_flags()));
}

#[traced(record_error = log)]
async fn never_done() -> Result<u8, Unreadable> {
    std::future::pending::<()>().await;
    read("never")
}

#[traced(record_error = log)]
fn panics() -> Result<u8, Unreadable> {
    panic!("on purpose")
}

#[traced(if = false, record_error = both)]
fn unspanned() -> Result<u8, Unreadable> {
    read("without a span")
}

#[test]
fn a_panic_is_logged_and_neither_a_cancellation_nor_a_call_without_a_span() {
    let of_function = |name: &str| {
        telemetry().force_flush(Duration::from_secs(30)).unwrap();
        let logs = telemetry().in_memory().logs();
        logs.into_iter()
            .filter(|log| text(log, "code.function.name").is_some_and(|function| function.ends_with(name)))
            .collect::<Vec<_>>()
    };
    spans_of(|| {
        std::panic::catch_unwind(panics).unwrap_err();
        assert!(poll_once(Box::pin(never_done()).as_mut()).is_pending());
        unspanned().unwrap_err();
    });
    assert_eq!(of_function("::never_done").len() + of_function("::unspanned").len(), 0);
    let panics = of_function("::panics");
    let [log] = panics.as_slice() else { panic!("{panics:?}") };
    assert_eq!(text(log, "exception.type").as_deref(), Some("panic"));
    assert_eq!(log.severity_number(), Some(Severity::Error));
}
