//! What a span of `tracing` says as a span of ours, the same on both paths that spans take.

use std::cell::Cell;

use cryostorm::Telemetry;
use cryostorm::opentelemetry::trace::{SpanKind, Status};
use cryostorm::opentelemetry::{KeyValue, Value};
use cryostorm::settings::{SamplingStrategy, TargetLevels};
use cryostorm::{Level, traced};
use cryostorm_tests::installation::{alone, quiet};
use cryostorm_tests::paths::same_on_both;
use cryostorm_tests::told::{All, Told};
use tracing::field::Empty;

use super::{Counted, Unread, bridged};

fn told(program: impl Fn()) -> All {
    same_on_both(|builder| builder, |_| bridged(&program))
}

fn value(span: &Told, key: &str) -> Option<Value> {
    span.attributes.iter().rfind(|pair| pair.key.as_str() == key).map(|pair| pair.value.clone())
}

#[test]
fn fields_keep_their_types() {
    let error = Unread("x".parse::<u8>().unwrap_err());
    let line = line!() + 2;
    let all = told(|| {
        let _span = tracing::info_span!(
            "typed",
            flag = true,
            whole = -7_i64,
            large = u64::MAX,
            share = 0.5,
            text = "plain",
            shown = %7,
            debugged = ?Some("x"),
            error = &error as &(dyn std::error::Error + 'static),
            nothing = Empty,
            dotted.key = 1_u8,
        );
    });
    let span = &all["typed"];
    let expected = [
        KeyValue::new("code.file.path", "tests/tests/bridges/spans.rs"),
        KeyValue::new("code.line.number", i64::from(line)),
        KeyValue::new("flag", true),
        KeyValue::new("whole", -7),
        KeyValue::new("large", u64::MAX.to_string()),
        KeyValue::new("share", 0.5),
        KeyValue::new("text", "plain"),
        KeyValue::new("shown", "7"),
        KeyValue::new("debugged", "Some(\"x\")"),
        KeyValue::new("error", "unread"),
        KeyValue::new("dotted.key", 1),
    ];
    assert_eq!(span.attributes, expected);
    assert_eq!(span.scope.name(), "bridges::spans");
    assert_eq!((&span.kind, &span.status), (&SpanKind::Internal, &Status::Unset));
}

#[test]
fn special_fields_are_the_name_kind_and_status() {
    let all = told(|| {
        drop(tracing::info_span!("a", otel.name = "GET /a", otel.kind = "server", otel.status_code = "OK"));
        drop(tracing::info_span!(
            "b",
            otel.name = %format_args!("b {}", 2),
            otel.kind = ?SpanKind::Client,
            otel.status_description = "no room",
            otel.status_code = "error",
        ));
        let later = tracing::info_span!("c", otel.name = Empty, otel.status_code = Empty, size = Empty);
        later.in_scope(|| later.record("otel.name", "c later"));
        later.record("size", 3);
        later.record("otel.status_code", "ERROR");
        drop(tracing::info_span!("d", otel.status_description = "alone", otel.kind = "nonsense"));
    });
    let said = |name: &str| (all[name].kind.clone(), all[name].status.clone(), all[name].attributes.len());
    assert_eq!(said("GET /a"), (SpanKind::Server, Status::Ok, 2));
    assert_eq!(said("b 2"), (SpanKind::Client, Status::error("no room"), 2));
    assert_eq!(said("c later"), (SpanKind::Internal, Status::error(""), 3));
    assert_eq!(value(&all["c later"], "size"), Some(3.into()));
    assert_eq!(said("d"), (SpanKind::Internal, Status::error("alone"), 2));
}

#[test]
fn a_field_is_what_it_was_the_last_time_however_often_it_is_recorded() {
    let all = told(|| {
        let span = tracing::info_span!("progress", done = 0, size = Empty, result = Empty);
        (1..1000).for_each(|done| _ = span.record("done", done));
        span.record("size", 7);
        span.in_scope(|| (1000..=2000).for_each(|done| _ = span.record("done", done)));
        span.record("result", "early").record("result", "late");
    });
    let span = &all["progress"];
    assert_eq!(value(span, "done"), Some(2000.into()));
    assert_eq!((value(span, "size"), value(span, "result")), (Some(7.into()), Some("late".into())));
    // Those of the place, and of each field no more than what it was when it was made, at first and at last.
    assert_eq!((span.attributes.len(), span.dropped_attributes), (2 + 3 + 1 + 2, 0));
}

#[tracing::instrument(err, fields(otel.name = "returned"))]
fn returned() -> Result<(), Unread> {
    "x".parse::<u8>().map(drop).map_err(Unread)
}

#[tracing::instrument(err(level = "info", Debug), fields(otel.name = "returned at info"))]
fn returned_at_info() -> Result<(), u8> {
    Err(7)
}

#[traced(name = "annotated")]
fn annotated() {
    tracing::error!("not the outcome");
}

#[test]
fn what_makes_a_span_an_error_is_its_own_and_no_other_spans() {
    let all = told(|| {
        tracing::info_span!("around").in_scope(|| {
            returned().unwrap_err();
            returned_at_info().unwrap_err();
            tracing::info_span!("logged").in_scope(|| tracing::error!(error = "x", "something"));
            tracing::info_span!("warned").in_scope(|| tracing::warn!("something"));
            annotated();
            let elsewhere = tracing::info_span!("elsewhere");
            tracing::error!(parent: &elsewhere, "something");
        });
    });
    let status = |name: &str| all[name].status.clone();
    assert_eq!(status("returned"), Status::error("unread"));
    assert_eq!(status("returned at info"), Status::error("7"));
    assert_eq!((status("logged"), status("elsewhere")), (Status::error(""), Status::error("")));
    assert_eq!([status("around"), status("warned"), status("annotated")], [const { Status::Unset }; 3]);
    assert!(all.values().all(|span| span.events.is_empty()), "events are log records");
}

#[test]
fn a_panic_in_a_span_makes_it_an_error() {
    struct Scoped;
    impl Drop for Scoped {
        fn drop(&mut self) {
            tracing::info_span!("while unwinding").in_scope(|| ());
        }
    }
    let all = told(|| {
        tracing::info_span!("outer").in_scope(|| {
            let panicking = || {
                tracing::info_span!("panicking").in_scope(|| {
                    let _scoped = Scoped;
                    std::panic::resume_unwind(Box::new("a panic without its message"));
                })
            };
            assert!(std::panic::catch_unwind(panicking).is_err());
        });
    });
    assert_eq!(all["panicking"].status, Status::error("panicked"));
    assert_eq!(value(&all["panicking"], "error.type"), Some("panic".into()));
    assert_eq!([&all["outer"].status, &all["while unwinding"].status], [&Status::Unset; 2]);
}

#[test]
fn levels_and_targets_are_those_of_the_settings() {
    let _alone = alone();
    let mut settings = quiet();
    settings.tracing.level = Level::Warn;
    settings.tracing.targets = TargetLevels::default().with("shop", Level::Debug).with("shop::db", None);
    let telemetry = Telemetry::from_settings(settings).unwrap();
    let formatted = Cell::new(0);
    bridged(|| {
        let value = Counted(&formatted);
        tracing::warn_span!("kept").in_scope(|| {
            tracing::info_span!("too low", ?value).in_scope(|| {
                tracing::debug_span!(target: "shop::cart", "of the shop", ?value).in_scope(|| {
                    tracing::error_span!(target: "shop::db::pool", "off", ?value).record("value", 7);
                });
                tracing::trace_span!(target: "shop", "too low", ?value);
            });
        });
        assert_eq!(formatted.get(), 1);
    });
    telemetry.shutdown().unwrap();
    let spans = telemetry.in_memory().spans();
    assert_eq!(spans.iter().map(|span| span.name.as_ref()).collect::<Vec<_>>(), ["of the shop", "kept"]);
    assert_eq!(spans[0].parent_span_id, spans[1].span_context.span_id());
}

#[test]
fn what_is_not_sampled_is_not_formatted_and_hands_that_down() {
    let _alone = alone();
    let mut settings = quiet();
    settings.tracing.sampling_strategy = SamplingStrategy::TraceIdRatio;
    settings.tracing.sample_rate = 0.0;
    let telemetry = Telemetry::from_settings(settings).unwrap();
    let formatted = Cell::new(0);
    bridged(|| {
        let value = Counted(&formatted);
        let span = tracing::info_span!("unsampled", ?value, later = Empty);
        span.record("later", tracing::field::debug(&value));
        let inside = span.in_scope(|| cryostorm::current_span().span_context());
        assert!(inside.is_valid() && !inside.is_sampled(), "a span inside does not start a trace of its own");
    });
    assert_eq!(formatted.get(), 0);
    telemetry.shutdown().unwrap();
    assert!(telemetry.in_memory().spans().is_empty());
}

#[test]
fn a_span_ends_when_it_was_left_the_last_time() {
    let _alone = alone();
    let telemetry = Telemetry::from_settings(quiet()).unwrap();
    let (mut left, mut closed) = (None, None);
    bridged(|| {
        let request = tracing::info_span!("request");
        let background = request.in_scope(|| tracing::info_span!("background"));
        request.in_scope(|| ());
        left = Some(std::time::SystemTime::now());
        drop(request);
        // What keeps the first one open for longer than clocks are apart.
        let start = std::time::Instant::now();
        while start.elapsed() < 5 * cryostorm_tests::told::TOLERANCE {
            std::thread::yield_now();
        }
        closed = Some(std::time::SystemTime::now());
        drop(background);
    });
    telemetry.shutdown().unwrap();
    let spans = telemetry.in_memory().spans();
    let end = |name: &str| spans.iter().find(|span| span.name == name).unwrap().end_time;
    assert!(end("request") < left.unwrap() + cryostorm_tests::told::TOLERANCE);
    assert!(end("background") + cryostorm_tests::told::TOLERANCE > closed.unwrap());
}
