//! What the queue of spans takes.

use opentelemetry_sdk::trace::SpanData;

use crate::export::Queued;

use super::record::EndedSpan;

/// A span that has ended, by either of the two ways.
#[derive(Debug)]
pub(crate) enum SpanItem {
    /// One of our own.
    Own(EndedSpan),
    /// One that the SDK's tracer made, for other OpenTelemetry code or because a processor of a user's own needs it.
    Sdk(SpanData),
}

impl Queued for SpanItem {
    type Data = SpanData;

    fn bytes(&self) -> usize {
        match self {
            Self::Own(span) => span.bytes(),
            Self::Sdk(span) => span.bytes(),
        }
    }

    fn into_data(self) -> SpanData {
        match self {
            Self::Own(span) => span.into_data(),
            Self::Sdk(span) => span,
        }
    }
}
