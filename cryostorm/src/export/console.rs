//! The console: one readable line for each span, metric point and log record.

use std::fmt::{self, Display};
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::logs::{LogBatch, LogExporter};
use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use tokio::runtime::Handle;
use tokio::sync::Mutex;

use crate::standard;

use super::line::{LogLine, PointLine, SpanLine};
use super::point::points;

/// Writes one line for each span, metric point and log record, to standard output unless told otherwise.
///
/// ```
/// use cryostorm::export::ConsoleExporter;
///
/// let to_a_file = ConsoleExporter::to(Vec::<u8>::new());
/// ```
#[derive(Clone)]
pub struct ConsoleExporter {
    out: Arc<Mutex<dyn Write + Send>>,
}

impl ConsoleExporter {
    /// Writes to standard output.
    #[must_use]
    pub fn new() -> Self {
        match standard::output() {
            Some(output) => Self::to(output),
            None => Self::to(io::stdout()),
        }
    }

    /// Writes to something else.
    pub fn to(out: impl Write + Send + 'static) -> Self {
        Self { out: Arc::new(Mutex::new(out)) }
    }

    /// Writes a batch in one piece, so that other output comes between batches and not between their lines.
    async fn write(&self, lines: impl Iterator<Item = impl Display>) -> OTelSdkResult {
        let text: String = lines.map(|line| format!("{line}\n")).collect();
        // Locked here and not by the thread that writes: where the console blocks, one thread waits and not one more
        // for each batch.
        let mut out = Arc::clone(&self.out).lock_owned().await;
        let mut write = move || out.write_all(text.as_bytes()).and_then(|()| out.flush());
        // The console may be a pipe that nobody reads: it must not hold up the other exporters.
        let written = match Handle::try_current() {
            Ok(runtime) => {
                runtime.spawn_blocking(write).await.unwrap_or_else(|error| Err(io::Error::other(error)))
            }
            Err(_) => write(),
        };
        written.map_err(|error| OTelSdkError::InternalFailure(error.to_string()))
    }
}

impl Default for ConsoleExporter {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for ConsoleExporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConsoleExporter").finish_non_exhaustive()
    }
}

impl SpanExporter for ConsoleExporter {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.write(batch.iter().map(SpanLine)).await
    }
}

impl LogExporter for ConsoleExporter {
    async fn export(&self, batch: LogBatch<'_>) -> OTelSdkResult {
        self.write(batch.iter().map(|(record, _)| LogLine(record))).await
    }
}

impl PushMetricExporter for ConsoleExporter {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        self.write(points(metrics).iter().map(PointLine)).await
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _timeout: Duration) -> OTelSdkResult {
        Ok(())
    }

    fn temporality(&self) -> Temporality {
        Temporality::Cumulative
    }
}
