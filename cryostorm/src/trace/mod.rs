//! Spans: from the settings to a tracer provider.

mod component;
mod exporter;
mod ids;
mod item;
mod live;
mod origin;
mod parent;
mod prefetch;
mod processor;
mod record;
mod request;
#[cfg(all(test, any(feature = "otlp-grpc", feature = "otlp-http")))]
mod samples;
mod spares;
mod tracer;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
mod view;

pub use component::TracingComponent;
pub use exporter::SpanExporterFactory;
pub use item::SpanItem;
pub use processor::{SpanExportProcessor, SpanProcessorFactory};

pub(crate) use component::{Configure, TracingPlan};
pub(crate) use parent::{Parent, without_span};
pub(crate) use record::{EndedSpan, SpanRecord};
pub(crate) use request::SpanRequest;
#[cfg(all(test, any(feature = "otlp-grpc", feature = "otlp-http")))]
pub(crate) use samples::{Sample, sample};
pub(crate) use tracer::{Foreseen, SpanTracer};
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
pub(crate) use view::{ScopeView, SpanView};
