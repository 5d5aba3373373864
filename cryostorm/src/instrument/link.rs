//! What a span can be linked to.

use opentelemetry::Context;
use opentelemetry::trace::{Link, SpanContext, TraceContextExt};

use super::span::Span;

/// Something that a span can be [linked](https://opentelemetry.io/docs/specs/otel/trace/api/#link) to: a span, the
/// ids of one, the context it is in, or a link with attributes of its own.
#[diagnostic::on_unimplemented(
    message = "a span cannot be linked to `{Self}`",
    note = "links are made of a `SpanContext`, a `Context`, a `cryostorm::Span` or an OpenTelemetry `Link`, or references to them"
)]
pub trait IntoLink {
    /// The link.
    fn into_link(self) -> Link;
}

impl IntoLink for Link {
    fn into_link(self) -> Link {
        self
    }
}

impl IntoLink for SpanContext {
    fn into_link(self) -> Link {
        Link::with_context(self)
    }
}

impl IntoLink for Context {
    fn into_link(self) -> Link {
        self.span().span_context().clone().into_link()
    }
}

impl IntoLink for Span {
    fn into_link(self) -> Link {
        self.span_context().into_link()
    }
}

impl<T: IntoLink + Clone> IntoLink for &T {
    fn into_link(self) -> Link {
        self.clone().into_link()
    }
}
