//! Spans of other OpenTelemetry code around ours and in them.

use std::fmt;
use std::time::{Duration, SystemTime};

use cryostorm::opentelemetry::trace::{
    Event, Link, Span as _, SpanId, SpanKind, Status, TraceContextExt as _, Tracer as _, TracerProvider as _,
};
use cryostorm::opentelemetry::{Context, ContextGuard, KeyValue, global};
use cryostorm::{TelemetryGuard, traced};
use cryostorm_tests::paths::{on_both, same_on_both};
use tracing_subscriber::layer::SubscriberExt as _;

#[traced(name = "leaf")]
fn leaf() {}

#[traced(name = "ours in theirs")]
fn ours_in_theirs() {
    tracing::info_span!("theirs in ours", number = 1).in_scope(|| {
        tracing::info!("an event");
        leaf();
    });
}

#[test]
fn spans_of_the_global_tracer_nest_both_ways() {
    #[traced(name = "ours")]
    fn ours() {
        global::tracer("library").in_span("inside", |context| {
            context.span().set_attribute(KeyValue::new("by", "library"));
            leaf();
        });
    }

    let all = same_on_both(
        |builder| builder,
        |_| {
            global::tracer("library").in_span("outside", |_| ours());
        },
    );
    let parents = ["leaf", "inside", "ours"].map(|name| all[name].parent.as_str());
    assert_eq!(parents, ["inside", "ours", "outside"]);
    assert_eq!((all["inside"].scope.name(), all["leaf"].scope.name()), ("library", "cryostorm"));
}

#[test]
fn a_call_ends_whoever_keeps_its_context_and_whatever_is_left_behind() {
    #[traced(name = "kept")]
    fn keeps() -> Context {
        Context::current()
    }

    #[traced(name = "left", ok("session.id" = |_| 7))]
    fn leaves(context: Context) -> Result<ContextGuard, fmt::Error> {
        Ok(context.attach())
    }

    for (kept, spans) in on_both(
        |builder| builder,
        |_| {
            let kept = keeps();
            assert!(!kept.span().is_recording());
            for context in [Context::new(), Context::current().with_value(1)] {
                let left = leaves(context).unwrap();
                leaf();
                drop(left);
            }
            kept
        },
    ) {
        let names: Vec<_> = spans.iter().map(|span| &*span.name).collect();
        assert_eq!(names, ["kept", "left", "leaf", "left", "leaf"], "in the order in which they ended");
        assert_eq!(spans[0].span_context.span_id(), kept.span().span_context().span_id());
        assert!(spans.windows(2).all(|two| two[0].end_time <= two[1].start_time));
        assert!(spans.iter().all(|span| span.parent_span_id == SpanId::INVALID));
        let session = KeyValue::new("session.id", 7);
        let mut left = spans.iter().filter(|span| span.name == "left");
        assert!(left.all(|span| span.attributes.contains(&session)));
    }
}

#[test]
fn a_call_that_fails_says_so_whoever_keeps_it_under_whatever_is_left_behind() {
    #[traced(name = "pushes")]
    fn pushes(scopes: &mut Vec<ContextGuard>) -> Result<(), fmt::Error> {
        scopes.push(Context::current().with_value("kept").attach());
        scopes.push(Context::new().attach());
        Err(fmt::Error)
    }

    for (scopes, spans) in on_both(
        |builder| builder,
        |telemetry| {
            let mut scopes = Vec::new();
            pushes(&mut scopes).unwrap_err();
            telemetry.shutdown().unwrap();
            scopes
        },
    ) {
        assert_eq!(scopes.len(), 2);
        let [span] = spans.as_slice() else { panic!("{spans:?}") };
        assert!(matches!(span.status, Status::Error { .. }), "{span:?}");
    }
}

#[test]
fn spans_of_tracing_nest_both_ways() {
    let program = |telemetry: &TelemetryGuard| {
        let tracer = global::tracer_provider().tracer("tracing");
        let layer = tracing_opentelemetry::layer().with_tracer(tracer);
        let subscriber = tracing_subscriber::registry().with(layer);
        tracing::subscriber::with_default(subscriber, || {
            tracing::info_span!("outermost").in_scope(|| {
                telemetry.span("by hand").in_scope(|_| ours_in_theirs());
            });
        });
    };
    for ((), spans) in on_both(|builder| builder, program) {
        let all = cryostorm_tests::told::told(&spans);
        let parents =
            ["leaf", "theirs in ours", "ours in theirs", "by hand"].map(|name| all[name].parent.as_str());
        assert_eq!(parents, ["theirs in ours", "ours in theirs", "by hand", "outermost"]);
        assert_eq!(all["theirs in ours"].events.len(), 1);
        assert!(all.values().all(|span| span.trace == all["outermost"].trace));
        assert_eq!(all.len(), 5);
    }
}

#[test]
fn the_tracer_takes_all_that_a_builder_has() {
    let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000);
    let program = |telemetry: &TelemetryGuard| {
        let tracer = telemetry.tracer();
        tracer.in_span("around", |context| {
            let link = Link::new(context.span().span_context().clone(), vec![KeyValue::new("why", "a")], 9);
            let builder = tracer
                .span_builder("built")
                .with_kind(SpanKind::Producer)
                .with_start_time(start)
                .with_attributes([KeyValue::new("a", 1)])
                .with_events(vec![Event::new("given", start, vec![KeyValue::new("b", 2)], 9)])
                .with_links(vec![link]);
            let mut span = tracer.build(builder);
            span.add_event_with_timestamp("later", start + Duration::from_secs(1), vec![]);
            span.set_attribute(KeyValue::new("c", 3));
            span.end_with_timestamp(start + Duration::from_secs(2));
            span.set_attribute(KeyValue::new("late", true));
            assert!(!span.is_recording());

            let parent = Context::new();
            drop(tracer.start_with_context("rooted", &parent));
            tracer.in_span("inner", |_| leaf());
        });
    };
    let [(_, own), (_, sdk)] = on_both(|builder| builder, program);
    let built = |spans: &[cryostorm::opentelemetry_sdk::trace::SpanData]| {
        let built = spans.iter().find(|span| span.name == "built").unwrap();
        let events: Vec<_> = built.events.iter().map(|event| event.timestamp).collect();
        let attributes = built.attributes.clone();
        let counts = (built.events[0].dropped_attributes_count, built.links[0].dropped_attributes_count);
        let link = built.links[0].attributes.clone();
        let kind = built.span_kind.clone();
        (built.start_time, built.end_time, events, attributes, counts, link, kind)
    };
    assert_eq!(built(&own), built(&sdk));
    assert_eq!((built(&own).0, built(&own).1), (start, start + Duration::from_secs(2)));
    let parents = |spans: Vec<cryostorm::opentelemetry_sdk::trace::SpanData>| {
        let name = |id| spans.iter().find(|span| span.span_context.span_id() == id).map(|span| &span.name);
        let mut all: Vec<_> = spans
            .iter()
            .map(|span| (span.name.to_string(), name(span.parent_span_id).map(ToString::to_string)))
            .collect();
        all.sort();
        all
    };
    let (own, sdk) = (parents(own), parents(sdk));
    assert_eq!((own.len(), &own), (5, &sdk));
}
