//! What the queue of spans takes, and what exporters of spans get.

use opentelemetry_sdk::trace::SpanData;

use crate::export::Queued;

use super::record::EndedSpan;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
use super::view::SpanView;

/// A span that has ended, on its way to an exporter.
///
/// An exporter of the SDK's kind gets it as [`SpanData`]; OTLP is written straight from what was recorded.
#[derive(Debug)]
pub struct SpanItem(Ended);

#[derive(Debug)]
enum Ended {
    /// One of our own.
    Own(EndedSpan),
    /// One that the SDK's tracer made, for other OpenTelemetry code or because a processor of a user's own needs it.
    Sdk(Box<SpanData>),
}

impl SpanItem {
    /// What there is to read of it.
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    #[inline]
    pub(crate) fn view(&self) -> SpanView<'_> {
        match &self.0 {
            Ended::Own(span) => SpanView::own(span),
            Ended::Sdk(span) => SpanView::sdk(span),
        }
    }

    /// It was exported.
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    pub(crate) fn recycle(self) {
        if let Ended::Own(span) = self.0 {
            span.recycle();
        }
    }

    /// The span as the SDK's exporters take it.
    pub(crate) fn into_data(self) -> SpanData {
        match self.0 {
            Ended::Own(span) => span.into_data(),
            Ended::Sdk(span) => *span,
        }
    }
}

impl From<EndedSpan> for SpanItem {
    fn from(span: EndedSpan) -> Self {
        Self(Ended::Own(span))
    }
}

impl From<SpanData> for SpanItem {
    fn from(span: SpanData) -> Self {
        Self(Ended::Sdk(Box::new(span)))
    }
}

impl Queued for SpanItem {
    #[inline]
    fn bytes(&self) -> usize {
        match &self.0 {
            Ended::Own(span) => span.bytes(),
            Ended::Sdk(span) => span.bytes(),
        }
    }
}
