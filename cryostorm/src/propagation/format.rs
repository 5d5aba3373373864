//! What every format of trace context can do.

use std::fmt;

use opentelemetry::Context;
use opentelemetry::propagation::{Extractor, Injector};
use opentelemetry::trace::SpanContext;

use super::refusals::Refusal;
use super::trace_state::Beside;

/// A format in which the ids of a span travel.
pub(super) trait Format: fmt::Debug + Send + Sync {
    /// The headers that it writes.
    fn fields(&self) -> &'static [&'static str];

    /// Writes the ids of the span that is active in the context, and valid.
    fn inject(&self, context: &Context, injector: &mut dyn Injector);

    /// Reads the ids of a span, if there are any.
    fn extract(&self, extractor: &dyn Extractor, refuse: &dyn Fn(Refusal)) -> Option<Remote>;
}

/// A span of another program.
#[derive(Debug)]
pub(super) struct Remote {
    pub(super) span: SpanContext,
    /// Whether nothing is said of whether the trace is sampled.
    pub(super) is_undecided: bool,
    pub(super) beside: Option<Beside>,
}

impl From<SpanContext> for Remote {
    fn from(span: SpanContext) -> Self {
        Self { span, is_undecided: false, beside: None }
    }
}

/// The one value of a header. Where there are more, it cannot be told whose is which.
pub(super) fn only<'a>(
    extractor: &'a dyn Extractor,
    name: &'static str,
    refuse: &dyn Fn(Refusal),
) -> Option<&'a str> {
    match extractor.get_all(name).unwrap_or_default().as_slice() {
        [] => None,
        [value] => Some(value.trim_matches([' ', '\t'])),
        _ => {
            refuse(Refusal::Repeated(name));
            None
        }
    }
}

/// Hands on what every carrier can hold, and nothing else: no control characters, which might end one header and begin
/// another.
pub(super) struct Printable<'a>(pub(super) &'a mut dyn Injector);

impl Injector for Printable<'_> {
    fn set(&mut self, name: &str, value: String) {
        if !value.is_empty() && value.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            self.0.set(name, value);
        }
    }
}
