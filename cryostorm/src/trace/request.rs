//! What is asked of a span.

use std::borrow::Cow;

use opentelemetry::Context;
use opentelemetry::trace::{Event, Link, SpanKind};

use crate::instrument::CallSite;

use super::record::SpanAttributes;
use super::tracer::Foreseen;

/// What one span differs in from other spans of its site. It is large, so it is filled in where it is.
#[derive(Debug, Default)]
pub(crate) struct SpanRequest {
    /// Unless it is that of the site.
    pub(crate) name: Option<Cow<'static, str>>,
    /// Unless it is that of the site.
    pub(crate) kind: Option<SpanKind>,
    /// Beside those of the site.
    pub(crate) attributes: SpanAttributes,
    pub(crate) links: Vec<Link>,
    pub(crate) events: Vec<Event>,
    /// The parent, unless it is what is current.
    pub(crate) context: Option<Context>,
    /// What is known of it already.
    pub(crate) foreseen: Option<Foreseen>,
}

impl SpanRequest {
    pub(crate) fn name<'a>(&'a self, site: Option<&'static CallSite>) -> &'a str {
        self.name.as_deref().unwrap_or_else(|| site.map_or("", CallSite::span_name))
    }
}
