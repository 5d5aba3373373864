//! Spans: from the settings to a tracer provider.

mod buffer;
mod component;
mod exporter;
mod item;
mod live;
mod processor;
mod record;
mod scope;
mod tracer;

pub use component::TracingComponent;
pub use exporter::SpanExporterFactory;
pub use processor::{SpanExportProcessor, SpanProcessorFactory};

pub(crate) use buffer::SpanBuffer;
pub(crate) use component::{Configure, TracingPlan};
pub(crate) use record::{EndedSpan, SpanAttributes};
pub(crate) use tracer::{Description, Foreseen, SpanTracer, without_span};
