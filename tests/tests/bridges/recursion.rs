//! What is formatted, and what is told of spans and records, may itself trace and log: even what it is called for. It ends,
//! and nobody waits for it.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use cryostorm::opentelemetry::trace::{Link, SpanKind, TraceId};
use cryostorm::opentelemetry::{Context, InstrumentationScope, KeyValue};
use cryostorm::opentelemetry_sdk::error::OTelSdkResult;
use cryostorm::opentelemetry_sdk::logs::{LogBatch, LogExporter, LogProcessor, SdkLogRecord};
use cryostorm::opentelemetry_sdk::trace::{
    Sampler, SamplingResult, ShouldSample, Span, SpanData, SpanExporter, SpanProcessor,
};
use cryostorm::{Level, Telemetry, TelemetryGuard, traced};
use cryostorm_tests::installation::{alone, quiet};
use cryostorm_tests::paths::on_both;
use log::kv::{Source, VisitSource};

use super::{body, bridge_all};

/// The most that may come of one event or span that sets itself off.
const MOST: usize = 64;

/// How often a value was asked for.
static ASKED: AtomicU32 = AtomicU32::new(0);

/// Long before the stack ends.
fn count() {
    assert!(ASKED.fetch_add(1, Ordering::Relaxed) < 10_000, "set off by itself without end");
}

/// Says of itself that it is said.
struct Echo(fn(&Echo));

impl fmt::Display for Echo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        count();
        (self.0)(self);
        f.write_str("echo")
    }
}

impl fmt::Debug for Echo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Echo {}

#[traced(name = "annotated", attributes(value = %value))]
fn annotated(value: &Echo) {}

#[traced(name = "fails")]
fn fails(value: Echo) -> Result<(), Echo> {
    Err(value)
}

/// What `say` leaves: names of spans and messages of records.
fn left(say: fn(&Echo)) -> (Vec<String>, Vec<String>) {
    let _alone = alone();
    bridge_all();
    let _ = cryostorm::log::init();
    let telemetry = Telemetry::from_settings(quiet()).unwrap();
    ASKED.store(0, Ordering::Relaxed);
    say(&Echo(say));
    telemetry.shutdown().unwrap();
    let memory = telemetry.in_memory();
    let names: Vec<_> = memory.spans().into_iter().map(|span| span.name.into_owned()).collect();
    let messages: Vec<_> = memory.logs().iter().map(body).collect();
    assert!(names.len() + messages.len() <= MOST, "{names:?} {messages:?}");
    (names, messages)
}

#[test]
fn a_value_that_says_itself_when_it_is_said_ends() {
    let events: [fn(&Echo); 5] = [
        |value| tracing::info!("{value}"),
        |value| tracing::info!(?value, "echo"),
        |value| tracing::info!(error = value as &(dyn std::error::Error + 'static), "echo"),
        |value| log::info!("{value}"),
        |value| log::info!(value:?; "echo"),
    ];
    for say in events {
        let (names, messages) = left(say);
        assert!(names.is_empty() && messages.len() > 1, "{messages:?}");
        // That which was said first comes last, and whole.
        assert_eq!(messages.last().unwrap(), "echo");
    }
    let spans: [fn(&Echo); 4] = [
        |value| drop(tracing::info_span!("span", %value)),
        |value| {
            let span = tracing::info_span!("span", value = tracing::field::Empty);
            span.record("value", tracing::field::display(value));
        },
        |value| annotated(value),
        |value| drop(fails(Echo(value.0))),
    ];
    for say in spans {
        let (names, messages) = left(say);
        assert!(messages.is_empty() && names.len() > 1, "{names:?}");
    }
}

/// Logs, with a key of its own, while it is formatted as the value of a key.
struct Outer;

impl fmt::Display for Outer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        log::warn!(answer = 42, n:% = 7; "said inside {}", 1);
        f.write_str("outer")
    }
}

#[test]
fn what_is_said_inside_is_whole() {
    let _alone = alone();
    bridge_all();
    let _ = cryostorm::log::init();
    let telemetry = Telemetry::from_settings(quiet()).unwrap();
    log::info!(value:% = Outer; "outside");
    telemetry.shutdown().unwrap();
    let logs = telemetry.in_memory().logs();
    assert_eq!(logs.iter().map(body).collect::<Vec<_>>(), ["said inside 1", "outside"]);
    let attributes: Vec<_> = logs[0].attributes_iter().map(|(key, _)| key.as_str()).collect();
    assert!(["answer", "n"].iter().all(|key| attributes.contains(key)), "{attributes:?}");
}

#[test]
fn both_ways_together_end_too() {
    left(|value| {
        let span = tracing::info_span!("span", %value);
        span.in_scope(|| tracing::info!(?value, "{value}"));
    });
    left(|value| log::error!(value:?; "{value}"));
}

/// Keys and values that log themselves.
struct Pairs;

impl Source for Pairs {
    fn visit<'kvs>(&'kvs self, visitor: &mut dyn VisitSource<'kvs>) -> Result<(), log::kv::Error> {
        count();
        log_pairs();
        visitor.visit_pair("key".into(), "value".into())
    }
}

fn log_pairs() {
    let mut record = log::Record::builder();
    record.level(log::Level::Info).target("pairs").key_values(&Pairs);
    log::logger().log(&record.args(format_args!("pairs")).build());
}

#[test]
fn keys_and_values_that_log_themselves_end() {
    let (_, messages) = left(|_| log_pairs());
    assert!(messages.len() > 1 && messages.last().unwrap() == "pairs", "{messages:?}");
}

#[traced(name = "inside", root)]
fn inside() {}

/// All that makes spans and records.
fn talk() {
    count();
    inside();
    Telemetry::global().span("by hand").in_scope(|_| ());
    tracing::info_span!("of tracing").in_scope(|| tracing::error!("of tracing"));
    log::error!("of log");
    Telemetry::global().log(Level::Error, "by hand", &[]);
}

/// Traces and logs whatever it is told.
#[derive(Clone, Debug)]
struct Talkative;

impl SpanProcessor for Talkative {
    fn on_start(&self, _span: &mut Span, _context: &Context) {
        talk();
    }

    fn on_end(&self, _span: SpanData) {
        count();
        inside();
        Telemetry::global().span("by hand").in_scope(|_| ());
        // No span of `tracing`, which the registry of `tracing-subscriber` would keep for good where it closes another.
        tracing::error!("of tracing");
        log::error!("of log");
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _timeout: Duration) -> OTelSdkResult {
        Ok(())
    }
}

impl LogProcessor for Talkative {
    fn emit(&self, _record: &mut SdkLogRecord, _scope: &InstrumentationScope) {
        talk();
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _timeout: Duration) -> OTelSdkResult {
        Ok(())
    }
}

impl ShouldSample for Talkative {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        talk();
        Sampler::AlwaysOn.should_sample(parent, trace_id, name, kind, attributes, links)
    }
}

impl SpanExporter for Talkative {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        talk();
        Ok(())
    }
}

impl LogExporter for Talkative {
    async fn export(&self, _: LogBatch<'_>) -> OTelSdkResult {
        talk();
        Ok(())
    }
}

/// One span of each kind and one record of each.
fn program(_: &TelemetryGuard) {
    ASKED.store(0, Ordering::Relaxed);
    tracing::info_span!("first").in_scope(|| tracing::info!("first"));
    annotated(&Echo(|_| ()));
    log::info!("second");
}

#[test]
fn parts_of_ones_own_that_trace_and_log_are_not_called_by_themselves() {
    bridge_all();
    let _ = cryostorm::log::init();
    for ((), spans) in
        on_both(|builder| builder.with_span_processor(Talkative).with_log_processor(Talkative), program)
    {
        for name in ["first", "annotated"] {
            assert_eq!(spans.iter().filter(|span| span.name == name).count(), 1, "{name}");
        }
        assert!(spans.len() <= 4 * MOST, "{}", spans.len());
    }
    for ((), spans) in on_both(|builder| builder.with_sampler(Talkative), program) {
        for name in ["first", "annotated"] {
            assert_eq!(spans.iter().filter(|span| span.name == name).count(), 1, "{name}");
        }
        assert!(spans.len() <= 4 * MOST, "{}", spans.len());
    }
}

#[test]
fn exporters_of_ones_own_have_no_more_to_export_for_what_they_say() {
    let _alone = alone();
    bridge_all();
    let _ = cryostorm::log::init();
    let telemetry = Telemetry::builder(quiet())
        .with_span_exporter(Talkative)
        .with_log_exporter(Talkative)
        .install()
        .unwrap();
    for _ in 0..3 {
        program(&telemetry);
        assert!(telemetry.force_flush(Duration::from_secs(30)).is_ok());
        assert!(ASKED.load(Ordering::Relaxed) > 0, "they were asked");
    }
    telemetry.shutdown().unwrap();
    let stats = telemetry.export_stats();
    assert_eq!((stats.traces.accepted, stats.logs.accepted), (2 * 3, 2 * 3), "{stats:?}");
}
