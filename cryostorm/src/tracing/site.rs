//! What all spans of one place in the source have in common.

use std::sync::LazyLock;

use opentelemetry::trace::SpanKind;
use tracing_core::Metadata;
use tracing_core::callsite::Identifier;

use crate::instrument::{CallSite, Registry, SpanSite};

/// The one of spans with this metadata. There are as many as there are places in the source that make spans, and like what
/// `tracing` itself keeps of them, they are kept to the end.
pub(super) fn of(metadata: &'static Metadata<'static>) -> &'static CallSite {
    static KNOWN: LazyLock<Registry<Identifier, &'static CallSite>> = LazyLock::new(Registry::default);
    KNOWN.get(metadata.callsite(), |_| {
        let span: &SpanSite = Box::leak(Box::new(SpanSite {
            name: Some(metadata.name()),
            kind: SpanKind::Internal,
            tracer: Some(metadata.target()),
            ..SpanSite::NEW
        }));
        // The function is not known: a span may be one of several in it.
        let (function, file, line) =
            ("", metadata.file().unwrap_or_default(), metadata.line().unwrap_or_default());
        Box::leak(Box::new(CallSite::new(function, file, line, Some(span), None, None)))
    })
}
