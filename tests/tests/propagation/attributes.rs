//! Members of the baggage that spans and log records have as attributes.

use cryostorm::opentelemetry::baggage::BaggageExt as _;
use cryostorm::opentelemetry::logs::AnyValue;
use cryostorm::opentelemetry::trace::Tracer as _;
use cryostorm::opentelemetry::{Context, KeyValue, global};
use cryostorm::opentelemetry_sdk::trace::SpanData;
use cryostorm::{Level, Telemetry, TelemetryBuilder, TelemetryGuard, traced};
use cryostorm_tests::installation::quiet;
use cryostorm_tests::paths::on_both;

#[traced(name = "annotated")]
fn annotated() {}

#[traced(name = "with its own", attributes(tenant.id = tenant, region = "south"))]
fn with_its_own(tenant: &str) {}

#[traced(name = "failing", record_error = log)]
fn failing() -> Result<(), std::fmt::Error> {
    Err(std::fmt::Error)
}

fn copying(keys: &[&str]) -> impl Fn(TelemetryBuilder) -> TelemetryBuilder {
    let keys: Vec<_> = keys.iter().map(|key| (*key).to_owned()).collect();
    move |_| {
        let mut settings = quiet();
        settings.propagation.baggage_attributes = keys.clone();
        Telemetry::builder(settings)
    }
}

fn program(guard: &TelemetryGuard) -> Vec<Vec<(String, String)>> {
    let members = ["tenant.id", "region", "secret"].map(|key| KeyValue::new(key, format!("of {key}")));
    let _current = Context::current().with_baggage(members).attach();
    annotated();
    with_its_own("mine");
    guard.span("by hand").in_scope(|_| guard.log(Level::Info, "said", &[("region", &"here")]));
    global::tracer("others").in_span("of others", |_| ());
    guard.force_flush(std::time::Duration::from_secs(30)).unwrap();
    let text = |value: &AnyValue| {
        if let AnyValue::String(text) = value { text.to_string() } else { panic!("{value:?}") }
    };
    let of = |log: &cryostorm::opentelemetry_sdk::logs::SdkLogRecord| {
        let mut all: Vec<_> =
            log.attributes_iter().map(|(key, value)| (key.to_string(), text(value))).collect();
        all.sort();
        all
    };
    guard.in_memory().logs().iter().map(of).collect()
}

fn attributes<'a>(spans: &'a [SpanData], name: &str) -> Vec<(&'a str, String)> {
    let span = spans.iter().find(|span| span.name == name).unwrap();
    let is_ours = |attribute: &&KeyValue| !attribute.key.as_str().starts_with("code.");
    let mut all: Vec<_> = span
        .attributes
        .iter()
        .filter(is_ours)
        .map(|attribute| (attribute.key.as_str(), attribute.value.to_string()))
        .collect();
    all.sort();
    all
}

#[test]
fn chosen_members_are_copied_and_no_others() {
    for (logs, spans) in on_both(copying(&["tenant.id", "region", "missing"]), program) {
        let both = [("region", "of region".to_owned()), ("tenant.id", "of tenant.id".to_owned())];
        assert_eq!(attributes(&spans, "annotated"), both);
        assert_eq!(attributes(&spans, "by hand"), both);
        assert_eq!(attributes(&spans, "of others"), both);
        let own = [("region", "south".to_owned()), ("tenant.id", "mine".to_owned())];
        assert_eq!(attributes(&spans, "with its own"), own, "what a span says itself holds");
        let own = [("region", "here"), ("tenant.id", "of tenant.id")];
        assert_eq!(logs, [own.map(|(key, value)| (key.to_owned(), value.to_owned()))]);
    }
}

#[test]
fn by_default_none_is_copied() {
    for (logs, spans) in on_both(copying(&[]), program) {
        assert_eq!(attributes(&spans, "annotated"), []);
        assert_eq!(attributes(&spans, "of others"), []);
        assert_eq!(logs, [[("region".to_owned(), "here".to_owned())]]);
    }
}

#[test]
fn the_log_record_of_a_failure_has_them_too() {
    let fails = |guard: &TelemetryGuard| {
        let _current = Context::current().with_baggage([KeyValue::new("tenant.id", "north")]).attach();
        failing().unwrap_err();
        guard.force_flush(std::time::Duration::from_secs(30)).unwrap();
        let logs = guard.in_memory().logs();
        let values = |key: &str| {
            let found = logs[0].attributes_iter().filter(|(present, _)| present.as_str() == key);
            found.map(|(_, value)| value.clone()).collect::<Vec<_>>()
        };
        (logs.len(), values("tenant.id"), logs[0].trace_context().map(|ids| ids.span_id))
    };
    for ((count, values, span), spans) in on_both(copying(&["tenant.id"]), fails) {
        assert_eq!((count, values), (1, vec![AnyValue::from("north")]));
        assert_eq!(span, Some(spans[0].span_context.span_id()));
    }
}
