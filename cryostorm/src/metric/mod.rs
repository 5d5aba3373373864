//! Metrics: from the settings to a meter provider.

mod build_info;
mod component;
mod exporter;
mod instrument;
#[cfg(feature = "prometheus")]
pub mod prometheus;
mod reader;

pub use component::MetricsComponent;
pub use exporter::MetricExporterFactory;
pub use instrument::InstrumentError;
pub use reader::{MetricReaderFactory, PeriodicReader};

pub(crate) use component::{Configure, MetricsPlan, ReaderPlan};
pub(crate) use instrument::{enter, leave};
