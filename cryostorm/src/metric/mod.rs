//! Metrics: from the settings to a meter provider, and what [declared metrics](macro@crate::metrics) record on.

mod component;
mod exporter;
mod handle;
mod reader;

pub use crate::instrument::{AttributeSet, Bounded, Observation, Texts};
pub use component::MetricsComponent;
pub use exporter::MetricExporterFactory;
pub use handle::{
    Counter, Gauge, Histogram, ObservableCounter, ObservableGauge, ObservableUpDownCounter, UpDownCounter,
};
pub use reader::{MetricReaderFactory, PeriodicReader};

pub(crate) use component::{Configure, MetricsPlan};
