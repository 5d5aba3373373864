//! Spans that are entered and left in every order, on several threads.

use cryostorm::Telemetry;
use cryostorm::opentelemetry::Context;
use cryostorm::opentelemetry::trace::SpanId;
use cryostorm_tests::installation::{alone, quiet};
use cryostorm_tests::trace::current_id;
use proptest::prelude::*;
use tracing::{Dispatch, Span};

use super::bridged;

/// One step of a thread: to enter a span, or to leave it.
type Step = (bool, usize);

const SPANS: usize = 4;

/// A thread's steps; what it entered and did not leave, it leaves at the end.
fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec((any::<bool>(), 0..SPANS), 0..60)
}

fn enter(span: &Span) {
    span.with_subscriber(|(id, subscriber)| subscriber.enter(id));
}

fn leave(span: &Span) {
    span.with_subscriber(|(id, subscriber)| subscriber.exit(id));
}

fn id(span: &Span) -> SpanId {
    span.in_scope(current_id)
}

/// Does as it is told, and finds current what was entered last and not left.
fn follow(spans: &[Span], ids: &[SpanId], steps: &[Step]) {
    let mut inside = Vec::new();
    let check = |inside: &[usize]| {
        let expected = inside.last().map_or(SpanId::INVALID, |&last| ids[last]);
        assert_eq!(current_id(), expected, "{inside:?} after some of {steps:?}");
    };
    for &(enters, span) in steps {
        if enters {
            enter(&spans[span]);
            inside.push(span);
        } else if take_latest(&mut inside, span) {
            leave(&spans[span]);
        }
        check(&inside);
        // What is between them is left in order.
        Telemetry::global().span("between").in_scope(|_| ());
        check(&inside);
    }
    while let Some(&first) = inside.first() {
        leave(&spans[first]);
        assert!(take_latest(&mut inside, first));
        check(&inside);
    }
}

/// A span that was entered several times is left the latest time first.
fn take_latest(inside: &mut Vec<usize>, span: usize) -> bool {
    let position = inside.iter().rposition(|&entered| entered == span);
    position.map(|position| inside.remove(position)).is_some()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_span_that_was_entered_last_and_not_left_is_current(threads in prop::collection::vec(steps(), 1..4)) {
        let _alone = alone();
        let telemetry = Telemetry::from_settings(quiet()).unwrap();
        bridged(|| {
            let spans: Vec<_> = (0..SPANS).map(|number| tracing::info_span!("span", number)).collect();
            let ids: Vec<_> = spans.iter().map(id).collect();
            let dispatch = tracing::dispatcher::get_default(Dispatch::clone);
            std::thread::scope(|scope| {
                for steps in &threads {
                    let (spans, ids, dispatch) = (&spans, &ids, &dispatch);
                    scope.spawn(move || {
                        tracing::dispatcher::with_default(dispatch, || follow(spans, ids, steps));
                    });
                }
            });
        });
        telemetry.shutdown().unwrap();
        let spans = telemetry.in_memory().spans();
        let exported = spans.iter().filter(|span| span.name == "span").count();
        prop_assert_eq!(exported, SPANS, "each once");
    }
}

#[test]
fn what_is_never_left_does_no_harm() {
    let _alone = alone();
    let telemetry = Telemetry::from_settings(quiet()).unwrap();
    bridged(|| {
        let dispatch = tracing::dispatcher::get_default(Dispatch::clone);
        let forgetful = || {
            tracing::dispatcher::with_default(&dispatch, || {
                for _ in 0..100 {
                    std::mem::forget(tracing::info_span!("forgotten").entered());
                }
                leave(&tracing::info_span!("never entered"));
            });
        };
        std::thread::scope(|scope| scope.spawn(forgetful).join()).unwrap();
    });
    assert_eq!(current_id(), SpanId::INVALID);
    telemetry.shutdown().unwrap();
    assert!(telemetry.in_memory().spans().iter().any(|span| span.name == "never entered"));
}

#[test]
fn more_spans_than_contexts_can_be_current_are_entered_without_harm() {
    let _alone = alone();
    let telemetry = Telemetry::from_settings(quiet()).unwrap();
    let events = bridged(|| {
        let span = tracing::info_span!("deep");
        let deep = 70_000;
        (0..deep).for_each(|_| enter(&span));
        // OpenTelemetry says that it is too many while it holds its own context.
        (0..deep).for_each(|_| leave(&span));
        assert_eq!(current_id(), SpanId::INVALID);
        drop(span);
        telemetry.force_flush(std::time::Duration::from_secs(30)).unwrap();
        telemetry.in_memory().logs().len()
    });
    assert_eq!(events, 0, "what OpenTelemetry says of itself is no telemetry");
    telemetry.shutdown().unwrap();
    assert_eq!(telemetry.in_memory().spans().len(), 1);
}

#[test]
fn a_span_that_is_entered_again_where_telemetry_is_suppressed_is_current_after_that() {
    let _alone = alone();
    let telemetry = Telemetry::from_settings(quiet()).unwrap();
    bridged(|| {
        let outer = tracing::info_span!("outer");
        let entered = outer.enter();
        let here = current_id();
        assert_ne!(here, SpanId::INVALID);
        let suppressed = Context::enter_telemetry_suppressed_scope();
        outer.in_scope(|| ());
        drop(suppressed);
        assert_eq!(current_id(), here);
        drop(entered);
        assert_eq!(current_id(), SpanId::INVALID);
    });
    telemetry.shutdown().unwrap();
}
