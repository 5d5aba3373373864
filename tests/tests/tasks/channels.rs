//! What is sent with its context: received as a child, or linked to.

use std::collections::HashMap;

use cryostorm::opentelemetry::trace::{SpanContext, SpanId, TraceContextExt as _};
use cryostorm::opentelemetry::{Context, Value};
use cryostorm::opentelemetry_sdk::trace::SpanData;
use cryostorm::task::Envelope;
use cryostorm::{Telemetry, counted, timed, traced};
use cryostorm_tests::trace::{Trace, attribute, current_id, points, spans_of, telemetry, total_of_all};

#[derive(Debug, PartialEq)]
struct Order {
    id: i64,
}

#[traced(attributes(order = order.id))]
fn place(order: Order) -> Envelope<Order> {
    Envelope::new(order)
}

#[traced(context = order, attributes(order = order.id))]
fn as_child(order: &Envelope<Order>) {}

#[traced(context = order, attributes(order = order.id))]
async fn as_child_by_value(order: Envelope<Order>) -> i64 {
    order.into_inner().id
}

#[traced(root, links = [order], attributes(linked = order.id))]
fn as_link(order: &Envelope<Order>) {}

#[traced(links = orders)]
fn batch(orders: &[Envelope<Order>]) {}

#[traced(root, links = &orders, attributes(linked = linked))]
async fn batch_by_value(linked: i64, orders: Vec<Envelope<Order>>) -> usize {
    orders.into_iter().map(Envelope::into_inner).count()
}

/// Spans in traces of their own.
fn linked(value: i64) -> SpanData {
    telemetry().force_flush(std::time::Duration::from_secs(30)).unwrap();
    let mut spans = telemetry().in_memory().spans();
    spans.retain(|span| attribute(span, "linked") == Some(Value::I64(value)));
    assert_eq!(spans.len(), 1, "{spans:?}");
    spans.remove(0)
}

fn senders(trace: &Trace) -> Vec<SpanContext> {
    let placed = trace.spans.iter().filter(|span| span.name.ends_with("::place"));
    placed.map(|span| span.span_context.clone()).collect()
}

fn links(span: &SpanData) -> Vec<SpanContext> {
    span.links.iter().map(|link| link.span_context.clone()).collect()
}

#[traced(context = order)]
#[counted]
#[timed]
fn of_excluded(order: &Envelope<Order>) -> bool {
    as_child(order);
    Context::map_current(Context::is_telemetry_suppressed)
}

/// Such as an excluded request, whose receiver is outside of it.
#[test]
fn what_was_sent_where_telemetry_is_suppressed_is_received_so() {
    let order = {
        let _suppressed = Context::enter_telemetry_suppressed_scope();
        Envelope::new(Order { id: 99 })
    };
    let suppressed = order.context().clone();
    assert!(of_excluded(&order));
    let inside = |_: &_| Context::map_current(Context::is_telemetry_suppressed);
    assert!(telemetry().span("of excluded").context(suppressed).in_scope(inside));
    telemetry().force_flush(std::time::Duration::from_secs(30)).unwrap();
    let is_of_it = |span: &SpanData| {
        span.name.replace(' ', "_").ends_with("of_excluded")
            || attribute(span, "order") == Some(Value::I64(99))
    };
    assert_eq!(telemetry().in_memory().spans().into_iter().find(is_of_it), None);
    assert_eq!(total_of_all("function.calls", "of_excluded"), 0);
    assert_eq!(points("function.duration", "of_excluded").len(), 0);
    // Both are there otherwise.
    assert!(!of_excluded(&Envelope::new(Order { id: 98 })));
    assert_eq!(total_of_all("function.calls", "of_excluded"), 1);
    assert_eq!(points("function.duration", "of_excluded").len(), 1);
}

#[test]
fn a_receiver_is_a_child_of_its_sender() {
    let trace = spans_of(|| {
        let order = place(Order { id: 1 });
        // Where something else is current.
        Telemetry::global().span("receiver").in_scope(|_| as_child(&order));
        let value = Telemetry::global()
            .span("receiver by value")
            .in_scope(|_| futures::executor::block_on(as_child_by_value(order)));
        assert_eq!(value, 1);
    });
    let sender = senders(&trace)[0].span_id();
    for name in ["as_child", "as_child_by_value"] {
        assert_eq!(trace.named(name).parent_span_id, sender, "{name}");
        assert_eq!(attribute(trace.named(name), "order"), Some(Value::I64(1)));
    }
}

#[test]
fn a_receiver_that_links_is_in_a_trace_of_its_own() {
    let trace = spans_of(|| as_link(&place(Order { id: 2 })));
    let receiver = linked(2);
    assert_eq!(receiver.parent_span_id, SpanId::INVALID);
    assert_ne!(receiver.span_context.trace_id(), senders(&trace)[0].trace_id());
    assert_eq!(links(&receiver), senders(&trace));
}

#[test]
fn a_batch_is_linked_to_all_its_senders_in_their_order() {
    let trace = spans_of(|| {
        let orders: Vec<_> = (0..20).map(|id| place(Order { id })).collect();
        batch(&orders);
        assert_eq!(futures::executor::block_on(batch_by_value(3, orders)), 20);
    });
    let senders = senders(&trace);
    assert_eq!(senders.len(), 20);
    assert_eq!(links(trace.named("batch")), senders);
    assert_eq!(trace.named("batch").parent_span_id, trace.root, "without `root`, what is current");
    assert_eq!(links(&linked(3)), senders);
}

#[test]
fn spans_made_by_hand_take_envelopes_too() {
    let trace = spans_of(|| {
        let order = place(Order { id: 4 });
        let telemetry = Telemetry::global();
        telemetry.span("child").context(order.context().clone()).in_scope(|_| ());
        telemetry.span("link").link(&order).in_scope(|_| ());
    });
    assert_eq!(trace.named("child").parent_span_id, senders(&trace)[0].span_id());
    assert_eq!(links(trace.named("link")), senders(&trace));
}

#[test]
fn an_envelope_is_its_value_and_a_context() {
    let (value, context) = spans_then(|| Envelope::new(Order { id: 5 }).into_parts());
    assert_eq!((value, context.span().span_context().is_valid()), (Order { id: 5 }, true));
    let mut envelope = Envelope::with_context(vec![1], context.clone());
    envelope.push(2);
    assert_eq!(envelope.len(), 2);
    assert_eq!(envelope.context().span().span_context(), context.span().span_context());
    let text = format!("{envelope:?}");
    assert!(
        text.contains("[1, 2]") && text.contains(&context.span().span_context().span_id().to_string()),
        "{text}"
    );
    let copy = envelope.clone();
    assert_eq!(copy.context().span().span_context(), context.span().span_context());
    assert_eq!(copy.into_inner(), envelope.into_inner());
}

#[test]
fn an_envelope_from_outside_of_any_span_leaves_no_link_and_no_parent() {
    let outside = Envelope::new(Order { id: 6 });
    let trace = spans_of(|| {
        batch(&[outside]);
        as_child(&Envelope::with_context(Order { id: 7 }, Context::current()));
    });
    assert!(links(trace.named("batch")).is_empty());
    assert_eq!(trace.named("as_child").parent_span_id, trace.root);
}

#[test]
fn headers_of_a_message_make_an_envelope() {
    let mut headers = HashMap::new();
    let trace = spans_of(|| {
        telemetry().inject_context(&mut headers);
        let context = telemetry().extract_context(&headers);
        as_child(&Envelope::with_context(Order { id: 8 }, context));
        assert_ne!(current_id(), SpanId::INVALID);
    });
    let child = trace.named("as_child");
    assert_eq!((child.parent_span_id, child.parent_span_is_remote), (trace.root, true));
}

fn spans_then<R>(work: impl FnOnce() -> R) -> R {
    let mut made = None;
    spans_of(|| made = Some(work()));
    made.unwrap()
}
