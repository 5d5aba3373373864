//! Every shape of function times every way to end its call: one span, one count and one duration each, all telling the
//! same.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::SystemTime;

use cryostorm::opentelemetry::trace::Status;
use cryostorm_tests::trace::{Trace, attribute, current_id, error_type, spans_of, total};

#[path = "shapes/asynchronous.rs"]
mod asynchronous;
#[path = "shapes/ending.rs"]
mod ending;
#[path = "shapes/streaming.rs"]
mod streaming;
#[path = "shapes/synchronous.rs"]
mod synchronous;

use ending::{Broken, Caller, End, Shape};

#[test]
fn a_synchronous_function_of_any_shape_tells_how_it_ended() {
    synchronous::shapes().iter().for_each(check);
}

#[test]
fn an_asynchronous_function_of_any_shape_tells_how_it_ended() {
    asynchronous::shapes().iter().for_each(check);
}

#[test]
fn a_stream_of_any_shape_tells_how_it_ended() {
    streaming::shapes().iter().for_each(check);
}

fn check(shape: &Shape) {
    for end in shape.ends {
        check_end(shape, *end);
    }
}

fn check_end(shape: &Shape, end: End) {
    let what = format!("{} {end:?}", shape.path);
    let error = expected_error(shape, end);
    let count = || {
        ["function.calls", "function.duration"].map(|metric| total(metric, shape.path, error.unwrap_or(None)))
    };
    let before = (count(), SystemTime::now());
    let trace = spans_of(|| {
        let around = current_id();
        let outcome = catch_unwind(AssertUnwindSafe(|| shape.caller.call(end)));
        assert_eq!(outcome.is_err(), end == End::Panic, "{what}");
        assert_eq!(current_id(), around, "{what}: nothing is current afterwards");
    });
    let (after, ended) = (count(), SystemTime::now());

    let Some(error) = error else {
        assert!(trace.spans.is_empty() && after == before.0, "{what}: {:?}", trace.spans);
        return;
    };
    assert_eq!(after, before.0.map(|count| count + 1), "{what}");
    let span = trace.named(shape.path);
    assert_eq!(span.parent_span_id, trace.root, "{what}");
    assert_eq!(error_type(span).as_deref(), error, "{what}");
    assert_eq!(span.status, status(end), "{what}");
    assert_eq!(span.events.len(), usize::from(span.status != Status::Unset), "{what}");
    assert_eq!(attribute(span, "end"), Some(format!("{end:?}").into()), "{what}");
    assert!(before.1 <= span.start_time && span.start_time <= span.end_time, "{what}");
    assert!(span.end_time <= ended, "{what}");
    check_leaves(&trace, shape, end, &what);
}

/// What the body calls is a child, and is over before the call is.
fn check_leaves(trace: &Trace, shape: &Shape, end: End, what: &str) {
    let span = trace.named(shape.path);
    let leaves: Vec<_> = trace.spans.iter().filter(|span| span.name == "shapes::ending::leaf").collect();
    let is_begun = end != End::Unpolled || matches!(shape.caller, Caller::Eager(_));
    assert_eq!(leaves.len(), usize::from(is_begun), "{what}");
    for leaf in leaves {
        assert_eq!(leaf.parent_span_id, span.span_context.span_id(), "{what}");
        assert!(span.start_time <= leaf.start_time && leaf.end_time <= span.end_time, "{what}");
    }
    assert_eq!(trace.spans.last().map(|last| &last.name), Some(&span.name), "{what}");
}

/// The `error.type` of the call; none where there was no call.
fn expected_error(shape: &Shape, end: End) -> Option<Option<&'static str>> {
    Some(match end {
        End::Return | End::Early => None,
        End::Question | End::Fail => Some(std::any::type_name::<Broken>()),
        End::Panic => Some("panic"),
        End::HalfWay => Some("cancelled"),
        End::Unpolled if matches!(shape.caller, Caller::Lazy(_)) => return None,
        End::Unpolled => Some("cancelled"),
    })
}

fn status(end: End) -> Status {
    match end {
        End::Question | End::Fail => Status::error("broken"),
        End::Panic => Status::error("panicked"),
        _ => Status::Unset,
    }
}
