//! Name, kind, links, parent and scope of a span.

use std::cell::Cell;
use std::future::Future;

use cryostorm::opentelemetry::baggage::BaggageExt as _;
use cryostorm::opentelemetry::trace::{Link, SpanContext, SpanId, SpanKind, TraceContextExt as _};
use cryostorm::opentelemetry::{Context, KeyValue, Value};
use cryostorm::{Span, traced};
use cryostorm_tests::trace::{Trace, attribute, current_id, give_way, poll_once, spans_of, telemetry};
use futures::executor::block_on;

#[traced]
fn leaf() {}

const NAME: &str = "a constant";

struct Path;

impl Path {
    const NAME: &str = "an associated constant";
}

#[traced(name = "a literal, {{braced}}")]
fn literal() {}

#[traced(name = NAME)]
fn constant() {}

#[traced(name = Path::NAME)]
fn associated_constant() {}

#[traced(name = "order {id} of {shop:?}, {width:>4}")]
fn formatted(id: u64, shop: &str, width: u8) -> u64 {
    id
}

#[traced(name = "order {id}")]
async fn formatted_later(id: u64) -> Result<u64, String> {
    give_way().await;
    Ok(id)
}

#[test]
fn a_name_is_a_literal_a_constant_or_made_of_the_arguments() {
    let trace = spans_of(|| {
        literal();
        constant();
        associated_constant();
        formatted(7, "north", 3);
        block_on(formatted_later(8)).unwrap();
    });
    let names: Vec<_> = trace.spans.iter().map(|span| span.name.as_ref()).collect();
    assert_eq!(
        names,
        ["a literal, {braced}", NAME, Path::NAME, "order 7 of \"north\",    3", "order 8"],
        "in the order of the calls"
    );
    let function = attribute(trace.named("order 7 of \"north\",    3"), "code.function.name");
    assert_eq!(function, Some("options::spans::formatted".into()), "which is not named anew");
}

macro_rules! kinds {
    ($($name:ident $kind:ident)*) => {
        $(#[traced(kind = $kind)]
        fn $name() {})*

        #[test]
        fn a_kind_is_one_of_five() {
            let trace = spans_of(|| { $($name();)* });
            $(assert_eq!(trace.named(stringify!($name)).span_kind, SpanKind::$kind);)*
        }
    };
}
kinds!(internal Internal server Server client Client producer Producer consumer Consumer);

fn another_trace() -> SpanContext {
    telemetry().span("another trace").context(Context::new()).in_scope(Span::span_context)
}

#[traced(links = &links)]
fn linked_to_a_list(links: Vec<SpanContext>) -> usize {
    links.len()
}

#[traced(links = links.iter().cloned())]
async fn linked_to_span_contexts(links: &[SpanContext]) {}

#[traced(links = [context.clone(), Context::new()])]
fn linked_to_contexts(context: &Context) {}

#[traced(links = spans.iter())]
async fn linked_to_spans(spans: &[Span]) {}

#[traced(links = &link)]
fn linked_to_an_optional(link: Option<Link>) {}

#[test]
fn links_are_made_of_anything_that_has_a_span_in_their_order() {
    let links = [another_trace(), another_trace(), another_trace()];
    let context = Context::new().with_remote_span_context(links[1].clone());
    let with_attributes = Link::new(links[2].clone(), vec![KeyValue::new("why", "batch")], 0);
    let trace = spans_of(|| {
        assert_eq!(linked_to_a_list(links.to_vec()), 3, "the argument is not used up");
        block_on(linked_to_span_contexts(&links));
        linked_to_contexts(&context);
        let spans = [1, 0].map(|index: usize| {
            let parent = Context::new().with_remote_span_context(links[index].clone());
            telemetry().span("child of a link").context(parent).in_scope(Span::clone)
        });
        block_on(linked_to_spans(&spans));
        linked_to_an_optional(Some(with_attributes));
        linked_to_an_optional(None);
    });
    let linked = |name: &str| {
        let mut spans = trace.spans.iter().filter(|span| span.name.ends_with(name));
        spans.next().unwrap().links.iter().map(|link| link.span_context.trace_id()).collect::<Vec<_>>()
    };
    let ids = links.each_ref().map(SpanContext::trace_id);
    assert_eq!(linked("::linked_to_span_contexts"), ids);
    assert_eq!(linked("::linked_to_a_list"), ids);
    assert_eq!(linked("::linked_to_contexts")[0], ids[1]);
    assert_eq!(linked("::linked_to_spans"), [ids[1], ids[0]]);
    assert_eq!(linked("::linked_to_an_optional"), [ids[2]]);
    let optional = trace.spans.iter().filter(|span| span.name.ends_with("::linked_to_an_optional"));
    let links: Vec<_> = optional.flat_map(|span| span.links.iter()).collect();
    assert_eq!(links.len(), 1);
    assert_eq!(links[0].attributes, [KeyValue::new("why", "batch")]);
}

#[traced(root, attributes(id = 1))]
fn rooted() -> (SpanContext, Option<String>) {
    leaf();
    let baggage = Context::current().baggage().get("tenant").map(ToString::to_string);
    (cryostorm::current_span().span_context(), baggage)
}

#[traced(root)]
async fn rooted_later() -> SpanContext {
    give_way().await;
    cryostorm::current_span().span_context()
}

#[test]
fn a_root_starts_a_trace_and_keeps_the_rest_of_the_context() {
    let mut found = None;
    let outer = spans_of(|| {
        let around = current_id();
        let context = Context::current().with_baggage([KeyValue::new("tenant", "north")]);
        let _attached = context.attach();
        found = Some((rooted(), block_on(rooted_later())));
        assert_eq!(current_id(), around);
    });
    assert!(outer.spans.is_empty(), "nothing of the new trace is in the old one: {:?}", outer.spans);
    let ((rooted, baggage), later) = found.unwrap();
    assert_eq!(baggage.as_deref(), Some("north"));
    assert_ne!(rooted.trace_id(), later.trace_id());
    telemetry().force_flush(std::time::Duration::from_secs(30)).unwrap();
    let spans = telemetry().in_memory().spans();
    let root = |context: &SpanContext| {
        spans.iter().find(|span| span.span_context == *context).map(|span| span.parent_span_id)
    };
    assert_eq!([root(&rooted), root(&later)], [Some(SpanId::INVALID); 2]);
    let children = Trace::of(&rooted);
    assert_eq!(children.only().parent_span_id, rooted.span_id());
}

#[traced(context = context)]
fn under_a_reference(context: &Context) -> SpanContext {
    context.span().span_context().clone()
}

#[traced(context = context)]
fn under_a_value(context: Context) -> SpanContext {
    context.span().span_context().clone()
}

struct Message {
    context: Context,
}

#[traced(context = message.context, attributes(kept = true))]
async fn under_a_field(message: Message) -> SpanContext {
    leaf();
    give_way().await;
    message.context.span().span_context().clone()
}

#[test]
fn a_context_is_the_parent_and_is_still_there_for_the_body() {
    let parent = another_trace();
    let context = Context::new().with_remote_span_context(parent.clone());
    let trace = spans_of(|| {
        assert_eq!(under_a_reference(&context), parent);
        assert_eq!(under_a_value(context.clone()), parent);
        let around = current_id();
        let mut future = Box::pin(under_a_field(Message { context }));
        assert!(poll_once(future.as_mut()).is_pending());
        assert_eq!(current_id(), around);
        assert_eq!(block_on(future), parent);
    });
    assert!(trace.spans.is_empty(), "{:?}", trace.spans);
    let trace = Trace::of(&parent);
    for name in ["under_a_reference", "under_a_value", "under_a_field"] {
        assert_eq!(trace.named(name).parent_span_id, parent.span_id(), "{name}");
    }
    let leaf = trace.spans.iter().find(|span| span.name.ends_with("::leaf")).unwrap();
    assert_eq!(leaf.parent_span_id, trace.named("under_a_field").span_context.span_id());
}

const SCOPE: &str = "a scope of a constant";

#[traced(tracer = "shop.orders")]
fn scoped() {
    leaf();
}

#[traced(tracer = SCOPE)]
async fn scoped_later() {
    give_way().await;
}

#[test]
fn a_tracer_is_the_scope_of_that_span_alone() {
    let trace = spans_of(|| {
        scoped();
        scoped();
        block_on(scoped_later());
    });
    let scopes: Vec<_> = trace.spans.iter().map(|span| span.instrumentation_scope.name()).collect();
    assert_eq!(scopes, ["cryostorm", "shop.orders", "cryostorm", "shop.orders", SCOPE]);
    assert_eq!(trace.spans[0].parent_span_id, trace.spans[1].span_context.span_id());
}

#[traced(attributes(calls = next(calls)))]
async fn at_the_first_poll(calls: &Cell<u8>) {}

#[traced(attributes(calls = next(calls)))]
fn at_the_call(calls: &Cell<u8>) -> impl Future<Output = ()> {
    async move {}
}

fn next(calls: &Cell<u8>) -> u8 {
    calls.set(calls.get() + 1);
    calls.get()
}

#[test]
fn attributes_are_evaluated_once_when_the_code_of_the_function_itself_runs() {
    let calls = Cell::new(0);
    let trace = spans_of(|| {
        let (later, now) = (at_the_first_poll(&calls), at_the_call(&calls));
        assert_eq!(calls.get(), 1);
        block_on(later);
        block_on(now);
    });
    assert_eq!(calls.get(), 2);
    let of = |name: &str| attribute(trace.named(name), "calls");
    assert_eq!([of("at_the_call"), of("at_the_first_poll")], [Some(Value::I64(1)), Some(Value::I64(2))]);
}
