//! Where counts and measurements of library code go: implementations of [`TelemetryExporter`].
//!
//! A library depends on the small crate `cryostorm-exporter` alone and takes an `Arc<dyn TelemetryExporter>`; what it
//! needs is here too. An application hands it one of these, or one of its own:
//!
//! | exporter | an increment or observation becomes |
//! |---|---|
//! | [`MeterExporter`] | a measurement of an OpenTelemetry instrument |
//! | [`LogExporter`] | a log record |
//! | [`MemoryExporter`] | an entry of a list, for tests |
//! | [`MetricsCollector`] | part of a total or a distribution in memory |
//! | [`FanOut`] | the same for several exporters |
//! | `()` | nothing |
//! | [`NonBlockingExporter`] | an entry of a bounded queue, from which a thread tells any other exporter |
//!
//! No call panics, waits for the work of another thread, or takes memory without bound. What is refused is counted by
//! reason ([`Refused`]) and said on standard error the first time. An observation that is NaN or infinite is refused by all.
//!
//! ```
//! use std::sync::Arc;
//! use std::time::Duration;
//!
//! use cryostorm::telemetry_exporter::{MeterExporter, MetricName, NonBlockingExporter, TelemetryExporter};
//! use cryostorm::{Telemetry, TelemetrySettings};
//!
//! // In a library.
//! const RETRIES: MetricName = MetricName::from_static("client.retries");
//! const REQUEST_DURATION: MetricName = MetricName::from_static("client.request.duration");
//!
//! fn request(exporter: &dyn TelemetryExporter) {
//!     exporter.increment(&RETRIES, 2);
//!     exporter.observe_duration(&REQUEST_DURATION, Duration::from_millis(35));
//! }
//!
//! // In the application.
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let vars = [("METRICS__EXPORTER_TYPE", "in_memory"), ("LOGGING__EXPORTER_TYPE", "in_memory")];
//! # let telemetry = Telemetry::from_settings(TelemetrySettings::from_vars(vars)?)?;
//! # if false {
//! let telemetry = Telemetry::from_settings(TelemetrySettings::from_env()?)?;
//! # }
//! request(&MeterExporter::new());
//! telemetry.shutdown()?;
//! # assert!(telemetry.in_memory().metrics().iter().any(|point| point.name == "client.retries"));
//! # Ok(())
//! # }
//! ```

mod buckets;
mod by_name;
mod call;
mod collector;
mod distribution;
mod fan_out;
mod log;
mod memory;
mod meter;
mod non_blocking;
mod refused;

pub use cryostorm_exporter::{DeliveryError, InvalidMetricName, MetricName, TelemetryExporter};

pub use buckets::{Buckets, InvalidBuckets};
pub use call::{Call, CallValue};
pub use collector::{MetricsCollector, MetricsSnapshot};
pub use distribution::Distribution;
pub use fan_out::FanOut;
pub use log::LogExporter;
pub use memory::MemoryExporter;
pub use meter::MeterExporter;
pub use non_blocking::{Dropped, NonBlockingBuilder, NonBlockingExporter, NonBlockingStats};
pub use refused::Refused;
