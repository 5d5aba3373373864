//! The console: what a program does, for whoever sits in front of it.

mod failure;
mod forest;
mod json;
mod line;
mod live;
mod metrics;
mod palette;
mod row;
mod sink;
mod starts;
mod trace;
mod tree;
mod words;

use std::fmt::{self, Display};
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use anstream::{AutoStream, ColorChoice};
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::logs::{LogBatch, LogExporter};
use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use tokio::runtime::Handle;
use tokio::sync::Mutex;

use crate::settings::ConsoleFormat;
use crate::standard;

use super::point::points;
use line::{LogLine, PointLine, SpanLine};
use live::Live;
use palette::Palette;
use row::log_line;

pub(crate) use starts::{StartedSpan, Starts};

#[doc = include_str!("../../../docs/console.md")]
///
/// [`TelemetryBuilder::with_console`]: crate::TelemetryBuilder::with_console
#[derive(Clone)]
pub struct ConsoleExporter {
    out: Arc<Mutex<Out>>,
    format: ConsoleFormat,
    palette: &'static Palette,
    live: Arc<Live>,
}

struct Out {
    writer: Box<dyn Write + Send>,
    /// Why the latest of what was written did not arrive.
    failure: Option<String>,
}

impl ConsoleExporter {
    /// Writes trees to standard output. With colours if that is a terminal, unless the environment says otherwise.
    #[must_use]
    pub fn new() -> Self {
        // Not only what standard output is: `NO_COLOR`, `CLICOLOR`, `CLICOLOR_FORCE` and `TERM` are heeded too.
        let has_color = AutoStream::choice(&io::stdout()) != ColorChoice::Never;
        let exporter = match standard::output() {
            Some(output) => Self::to(output),
            None => Self::to(io::stdout()),
        };
        exporter.with_color(has_color)
    }

    /// Writes trees to something else, without colours.
    pub fn to(out: impl Write + Send + 'static) -> Self {
        Self {
            out: Arc::new(Mutex::new(Out { writer: Box::new(out), failure: None })),
            format: ConsoleFormat::Tree,
            palette: Palette::new(false),
            live: Arc::default(),
        }
    }

    /// Writes in this format.
    #[must_use]
    pub fn with_format(self, format: ConsoleFormat) -> Self {
        Self { format, ..self }
    }

    /// Writes trees with colours or without.
    #[must_use]
    pub fn with_color(self, has_color: bool) -> Self {
        Self { palette: Palette::new(has_color), ..self }
    }

    /// Writes what `render` returns in one piece, so that other output comes between such pieces and not between their
    /// lines. It is called when it is its turn, so that what is rendered first is also written first.
    async fn write(&self, render: impl FnOnce() -> String) -> OTelSdkResult {
        // Locked here and not by the thread that writes: where the console blocks, one thread waits and not one more
        // for each batch.
        let mut out = Arc::clone(&self.out).lock_owned().await;
        let text = render();
        if text.is_empty() {
            return out.outcome().map_err(OTelSdkError::InternalFailure);
        }
        let mut write = move || out.write(&text);
        // The console may be a pipe that nobody reads: it must not hold up the other exporters.
        let written = match Handle::try_current() {
            Ok(runtime) => runtime.spawn_blocking(write).await.unwrap_or_else(|error| Err(error.to_string())),
            Err(_) => write(),
        };
        written.map_err(OTelSdkError::InternalFailure)
    }

    async fn write_lines(&self, lines: impl Iterator<Item = impl Display>) -> OTelSdkResult {
        self.write(|| lines.map(|line| format!("{line}\n")).collect()).await
    }
}

impl Out {
    fn write(&mut self, text: &str) -> Result<(), String> {
        // What holds if it panics.
        self.failure = Some("its writer panicked".to_owned());
        let written = self.writer.write_all(text.as_bytes()).and_then(|()| self.writer.flush());
        self.failure = written.err().map(|error| error.to_string());
        self.outcome()
    }

    /// Of the latest that was written. What waits for its root has arrived if that did: it would get no further.
    fn outcome(&self) -> Result<(), String> {
        self.failure.clone().map_or(Ok(()), Err)
    }
}

impl Default for ConsoleExporter {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for ConsoleExporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConsoleExporter").field("format", &self.format).finish_non_exhaustive()
    }
}

impl SpanExporter for ConsoleExporter {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        match self.format {
            ConsoleFormat::Tree => {
                let mut text = String::new();
                forest::batch(batch).iter().for_each(|tree| tree.write(self.palette, &mut text));
                self.write(|| text).await
            }
            ConsoleFormat::Lines => self.write_lines(batch.iter().map(SpanLine)).await,
            ConsoleFormat::Json => self.write_lines(batch.iter().map(json::span)).await,
        }
    }
}

impl LogExporter for ConsoleExporter {
    async fn export(&self, batch: LogBatch<'_>) -> OTelSdkResult {
        let records = batch.iter();
        match self.format {
            ConsoleFormat::Tree => {
                self.write(|| records.map(|(record, _)| log_line(record, self.palette)).collect()).await
            }
            ConsoleFormat::Lines => self.write_lines(records.map(|(record, _)| LogLine(record))).await,
            ConsoleFormat::Json => {
                self.write_lines(records.map(|(record, scope)| json::log(record, scope))).await
            }
        }
    }
}

impl PushMetricExporter for ConsoleExporter {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        let points = points(metrics);
        match self.format {
            ConsoleFormat::Tree => self.write(|| metrics::table(&points, self.palette)).await,
            ConsoleFormat::Lines => self.write_lines(points.iter().map(PointLine)).await,
            ConsoleFormat::Json => self.write_lines(points.iter().map(json::metric)).await,
        }
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
