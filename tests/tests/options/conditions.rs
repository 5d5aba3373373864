//! `if`: which calls have a span.

use std::cell::Cell;

use cryostorm::opentelemetry::trace::Status;
use cryostorm::{counted, timed, traced};
use cryostorm_tests::trace::{current_id, error_type, give_way, poll_once, spans_of, telemetry, total};
use futures::executor::block_on;

#[traced]
fn leaf() {}

/// Counts how often it is asked.
fn asked(times: &Cell<u32>) -> u32 {
    times.set(times.get() + 1);
    times.get()
}

#[traced(if = id > 10 && !name.is_empty(), name = "order {id}", attributes(asked = asked(times)))]
#[counted(attributes(large = id > 10))]
#[timed]
fn conditional(id: u64, name: &str, times: &Cell<u32>) -> Result<u64, String> {
    leaf();
    if id == 3 { Err("three".to_owned()) } else { Ok(id) }
}

#[test]
fn a_call_without_a_span_lets_its_children_take_the_parent_and_is_counted() {
    let times = Cell::new(0);
    let trace = spans_of(|| {
        let around = current_id();
        conditional(1, "a", &times).unwrap();
        conditional(11, "", &times).unwrap();
        conditional(3, "a", &times).unwrap_err();
        assert_eq!(current_id(), around);
    });
    assert_eq!(times.get(), 0, "attributes of no span are not evaluated");
    assert_eq!(trace.spans.len(), 3, "{:?}", trace.spans);
    assert!(trace.spans.iter().all(|span| span.name.ends_with("leaf") && span.parent_span_id == trace.root));
    for metric in ["function.calls", "function.duration"] {
        assert_eq!(total(metric, "conditional", None), 2);
        assert_eq!(total(metric, "conditional", Some("alloc::string::String")), 1);
    }

    let trace = spans_of(|| assert_eq!(conditional(12, "a", &times), Ok(12)));
    let span = trace.named("order 12");
    assert_eq!(trace.named("leaf").parent_span_id, span.span_context.span_id());
    assert_eq!((times.get(), span.status.clone()), (1, Status::Unset));
}

fn unasked() -> bool {
    panic!("nobody asked")
}

#[traced(if = has_span, ok(seen = |()| unasked()), err(seen = |_| unasked()))]
async fn conditional_later(has_span: bool, fail: bool) -> Result<(), String> {
    leaf();
    give_way().await;
    leaf();
    if fail { Err("failed".to_owned()) } else { Ok(()) }
}

#[traced(if = has_span)]
async fn only_a_span(has_span: bool) -> Result<(), String> {
    leaf();
    give_way().await;
    Err("failed".to_owned())
}

#[test]
fn a_future_without_a_span_is_the_same() {
    let trace = spans_of(|| {
        block_on(conditional_later(false, false)).unwrap();
        block_on(conditional_later(false, true)).unwrap_err();
        block_on(only_a_span(false)).unwrap_err();
        let mut dropped = Box::pin(only_a_span(false));
        assert!(poll_once(dropped.as_mut()).is_pending());
    });
    assert_eq!(trace.spans.len(), 6);
    assert!(trace.spans.iter().all(|span| span.name.ends_with("leaf") && span.parent_span_id == trace.root));

    let trace = spans_of(|| block_on(only_a_span(true)).unwrap_err().clear());
    assert_eq!(error_type(trace.named("only_a_span")).as_deref(), Some("alloc::string::String"));
}

#[traced(if = cryostorm::current_span().span_context().is_valid())]
fn only_inside_a_span() {}

#[test]
fn a_condition_may_ask_for_the_span_around() {
    let trace = spans_of(only_inside_a_span);
    assert_eq!(trace.only().parent_span_id, trace.root);
    let before = telemetry().in_memory().spans().len();
    only_inside_a_span();
    telemetry().force_flush(std::time::Duration::from_secs(30)).unwrap();
    let spans = telemetry().in_memory().spans();
    let outside = spans.iter().skip(before).filter(|span| span.name.ends_with("only_inside_a_span"));
    assert_eq!(outside.count(), 0);
}
