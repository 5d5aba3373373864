//! Logs: from the settings to a logger provider.

#[cfg(feature = "log")]
mod bridge;
mod component;
mod exporter;
mod processor;
pub(crate) mod record;

#[cfg(feature = "log")]
pub use bridge::{LogBridge, init};
pub use component::LoggingComponent;
pub use exporter::LogExporterFactory;
pub use processor::{LogExportProcessor, LogProcessorFactory};

#[cfg(feature = "log")]
pub(crate) use bridge::refresh;
pub(crate) use component::{Configure, LoggingPlan};
