//! Metrics: from the settings to a meter provider, and what [declared metrics](macro@crate::metrics) record on.

mod build_info;
mod component;
mod exporter;
mod handle;
mod instrument;
#[cfg(feature = "prometheus")]
pub mod prometheus;
mod reader;

pub use crate::instrument::{AttributeSet, Bounded, Observation, Texts};
pub use crate::telemetry_exporter::{Buckets, InvalidBuckets};
pub use component::MetricsComponent;
pub use exporter::MetricExporterFactory;
pub use handle::{
    Counter, Gauge, Histogram, ObservableCounter, ObservableGauge, ObservableUpDownCounter, UpDownCounter,
};
pub use instrument::InstrumentError;
pub use reader::{MetricReaderFactory, PeriodicReader};

pub(crate) use component::{Configure, MetricsPlan, ReaderPlan};
pub(crate) use instrument::{Wanted, create_counter, create_histogram, enter, leave};
