//! The way out: exporters, and the runtime that they all run on.
//!
//! A span or log record goes into a queue that is bounded in items and bytes, whose worker delivers batches to an
//! exporter; a metric reader delivers its collections. Each delivery is a task of its own on the export runtime, with a
//! time limit, so that an exporter that fails, hangs or panics costs what it was given and no more.

mod backlog;
mod chunk;
mod console;
mod delivery;
mod error;
mod exporter;
mod inbox;
mod lane;
mod lanes;
mod limits;
mod memory;
mod otlp;
mod outage;
mod overflow;
mod pending;
mod point;
mod provider;
mod queue;
mod queued;
mod runtime;
mod stats;
mod target;
pub(crate) mod text;

pub use console::ConsoleExporter;
pub use error::{ExportError, Signal};
pub use exporter::{Exporter, LogEntry};
pub use memory::InMemoryExporter;
pub use pending::Pending;
pub use point::{MetricPoint, Number, PointValue};
pub use runtime::ExportRuntime;
pub use stats::{ExportStats, SignalStats};
pub use target::ExportFoundation;

pub(crate) use console::{StartedSpan, Starts};
pub(crate) use delivery::Delivery;
pub(crate) use exporter::ExporterSource;
pub(crate) use inbox::Inbox;
pub(crate) use lane::Lane;
pub(crate) use limits::BatchLimits;
pub(crate) use memory::Kept;
#[cfg(feature = "prometheus")]
pub(crate) use point::metric_points;
pub(crate) use point::point_count;
pub(crate) use provider::{Outlet, Running};
pub(crate) use queue::Queue;
pub(crate) use queued::{Queued, attribute_bytes};
pub(crate) use stats::SignalCounts;
pub(crate) use target::Target;
