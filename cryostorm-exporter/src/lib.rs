//! A contract for library code that counts and measures, and nothing besides: no dependencies, no exporter.
//!
//! A library takes an `Arc<dyn TelemetryExporter>` and tells it what happens. The application decides where that goes:
//! to an OpenTelemetry meter, to log lines, to memory, to several of them, or nowhere. The crate `cryostorm` has
//! exporters for each, in its module `telemetry_exporter`.
//!
//! ```
//! use std::sync::Arc;
//! use std::time::{Duration, Instant};
//!
//! use cryostorm_exporter::{MetricName, TelemetryExporter};
//!
//! // A name that is none does not compile.
//! const LOOKUPS: MetricName = MetricName::from_static("cache.lookups");
//! const LOAD_DURATION: MetricName = MetricName::from_static("cache.load.duration");
//!
//! struct Cache {
//!     telemetry: Arc<dyn TelemetryExporter>,
//! }
//!
//! impl Cache {
//!     fn get(&self, key: &str) -> String {
//!         self.telemetry.increment(&LOOKUPS, 1);
//!         let start = Instant::now();
//!         let value = key.to_uppercase();
//!         self.telemetry.observe_duration(&LOAD_DURATION, start.elapsed());
//!         value
//!     }
//! }
//!
//! // What a test of the library, or an application without telemetry, hands in: `()` goes nowhere.
//! let cache = Cache { telemetry: Arc::new(()) };
//! assert_eq!(cache.get("key"), "KEY");
//! ```

mod error;
mod exporter;
mod name;

pub use error::DeliveryError;
pub use exporter::TelemetryExporter;
pub use name::{InvalidMetricName, MetricName};
