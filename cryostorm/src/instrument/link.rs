//! What a span can be linked to, and what it can be the child of.

use opentelemetry::Context;
use opentelemetry::trace::{Link, SpanContext, TraceContextExt};

use crate::propagation::RemoteLink;

use super::span::Span;

/// Something that a span can be [linked](https://opentelemetry.io/docs/specs/otel/trace/api/#link) to: a span, the
/// ids of one, the context it is in, a link with attributes of its own, or what came in an
/// [`Envelope`](crate::task::Envelope).
#[diagnostic::on_unimplemented(
    message = "a span cannot be linked to `{Self}`",
    note = "links are made of a `SpanContext`, a `Context`, a `cryostorm::Span` or an OpenTelemetry `Link`, or references to them or to a `cryostorm::task::Envelope`"
)]
pub trait IntoLink {
    /// The link.
    fn into_link(self) -> Link;
}

/// What a span can be linked to, any number of it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of links",
    label = "not an iterable of contexts",
    note = "links are iterables of `SpanContext`, `Context`, `cryostorm::Span` or OpenTelemetry's `Link`, or of references to them or to a `cryostorm::task::Envelope`: write `links = [context]` for one"
)]
pub trait IntoLinks {
    /// The links.
    fn into_links(self) -> impl Iterator<Item = Link>;
}

#[diagnostic::do_not_recommend]
impl<L: IntoIterator<Item: IntoLink>> IntoLinks for L {
    fn into_links(self) -> impl Iterator<Item = Link> {
        self.into_iter().map(IntoLink::into_link)
    }
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
        // Of a caller that is trusted no further than that, there is a link already.
        RemoteLink::of(&self).unwrap_or_else(|| self.span().span_context().clone().into_link())
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

/// What a span can be the child of.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the parent of a span",
    label = "not a `Context`",
    note = "`context` takes an OpenTelemetry `Context`, a `cryostorm::task::Envelope`, or a reference to one"
)]
pub trait AsContext {
    /// The context that the parent is in.
    fn as_context(&self) -> &Context;
}

impl AsContext for Context {
    fn as_context(&self) -> &Context {
        self
    }
}

impl<T: AsContext> AsContext for &T {
    fn as_context(&self) -> &Context {
        (**self).as_context()
    }
}
