//! Spans: from the settings to a tracer provider.

mod buffer;
mod component;
mod exporter;
mod item;
mod live;
mod processor;
mod record;
mod request;
mod scope;
mod tracer;

pub use component::TracingComponent;
pub use exporter::SpanExporterFactory;
pub use processor::{SpanExportProcessor, SpanProcessorFactory};

pub(crate) use buffer::SpanBuffer;
pub(crate) use component::{Configure, TracingPlan};
pub(crate) use record::EndedSpan;
pub(crate) use request::SpanRequest;
pub(crate) use tracer::{Foreseen, SpanTracer, without_span};
