//! Logs: from the settings to a logger provider.

mod component;
mod exporter;
mod processor;
pub(crate) mod record;

pub use component::LoggingComponent;
pub use exporter::LogExporterFactory;
pub use processor::{LogExportProcessor, LogProcessorFactory};

pub(crate) use component::{Configure, LoggingPlan};
