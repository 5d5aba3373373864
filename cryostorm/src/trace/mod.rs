//! Spans: from the settings to a tracer provider.

mod component;
mod exporter;
mod processor;

pub use component::TracingComponent;
pub use exporter::SpanExporterFactory;
pub use processor::{SpanExportProcessor, SpanProcessorFactory};

pub(crate) use component::{Configure, TracingPlan};
