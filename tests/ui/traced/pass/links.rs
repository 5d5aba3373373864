#![deny(warnings)]

use cryostorm::opentelemetry::Context;
use cryostorm::opentelemetry::trace::{Link, SpanContext, TraceContextExt};
use cryostorm::{Span, current_span, traced};

struct Message {
    sender: SpanContext,
}

#[traced(links = contexts)]
fn slice_of_span_contexts(contexts: &[SpanContext]) -> usize {
    contexts.len()
}

#[traced(links = [context])]
fn one_context(context: &Context) -> bool {
    context.has_active_span()
}

#[traced(links = messages.iter().map(|message| &message.sender))]
fn iterator(messages: &[Message]) -> usize {
    messages.len()
}

#[traced(links = [current_span()])]
fn span() {}

#[traced(links = &spans)]
fn spans(spans: Vec<&Span>) -> usize {
    spans.len()
}

#[traced(links = sender.clone())]
fn absent(sender: Option<SpanContext>) -> Option<SpanContext> {
    sender
}

#[traced(links = [Link::new(sender.clone(), Vec::new(), 0)])]
async fn with_attributes(sender: SpanContext) -> SpanContext {
    sender
}

#[traced(links = std::iter::empty::<Context>())]
fn none() {}

fn main() {
    assert_eq!(slice_of_span_contexts(&[SpanContext::NONE]), 1);
    assert!(!one_context(&Context::new()));
    assert_eq!(iterator(&[Message { sender: SpanContext::NONE }]), 1);
    span();
    assert_eq!(spans(vec![&current_span()]), 1);
    assert!(absent(None).is_none());
    assert!(!futures::executor::block_on(with_attributes(SpanContext::NONE)).is_valid());
    none();
}
