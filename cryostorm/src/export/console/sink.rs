//! The console behind the queues of spans and logs, where it is told of spans that start and knows what belongs together.

use std::sync::Arc;
use std::time::Duration;

use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use tokio::time::timeout;

use crate::settings::ConsoleFormat;
use crate::trace::SpanItem;

use super::super::exporter::{Export, ExportFuture, Exporter, LogEntry};
use super::super::runtime::ExportRuntime;
use super::super::stats::SignalCounts;
use super::{ConsoleExporter, Starts};

/// What the console is called in errors.
const DESTINATION: &str = "the console";
/// How often it looks for what has waited too long.
const LOOK: Duration = Duration::from_secs(5);

impl ConsoleExporter {
    /// For the spans of an installation.
    pub(crate) fn spans(self) -> Exporter<SpanItem> {
        match self.format {
            ConsoleFormat::Tree => Exporter::new(TreeSpans(self), DESTINATION),
            _ => Exporter::<SpanItem>::spans(self, DESTINATION),
        }
    }

    /// For its logs.
    pub(crate) fn logs(self) -> Exporter<LogEntry> {
        match self.format {
            ConsoleFormat::Tree => Exporter::new(TreeLogs(self), DESTINATION),
            _ => Exporter::<LogEntry>::logs(self, DESTINATION),
        }
    }

    /// For its metrics.
    pub(crate) fn metrics(self) -> Exporter<ResourceMetrics> {
        Exporter::<ResourceMetrics>::metrics(self, DESTINATION)
    }

    /// Shows spans as they start.
    async fn watch(self) {
        loop {
            let _ = timeout(LOOK, self.live.starts.woken()).await;
            // Whoever exports next is told of a failure.
            let _ = self.write(|| self.live.look(self.palette)).await;
        }
    }
}

struct TreeSpans(ConsoleExporter);

impl Export<SpanItem> for TreeSpans {
    fn export(&self, batch: Vec<SpanItem>) -> ExportFuture<'_> {
        Box::pin(async move {
            let ConsoleExporter { live, palette, .. } = &self.0;
            let spans = batch.into_iter().map(SpanItem::into_data).collect();
            live.logs.wait().await;
            Ok(self.0.write(|| live.spans(spans, palette)).await?)
        })
    }

    fn finish(&self) -> ExportFuture<'_> {
        Box::pin(async move {
            let ConsoleExporter { live, palette, .. } = &self.0;
            live.logs.wait().await;
            Ok(self.0.write(|| live.rest(palette)).await?)
        })
    }

    fn shutdown(&self, _timeout: Duration) -> OTelSdkResult {
        Ok(())
    }

    fn set_resource(&mut self, _resource: &Resource) {}

    fn attach(&self, runtime: &ExportRuntime, _counts: &Arc<SignalCounts>) {
        runtime.spawn(self.0.clone().watch());
    }

    fn is_prompt(&self) -> bool {
        true
    }

    fn starts(&self) -> Option<Starts> {
        Some(self.0.live.starts.clone())
    }
}

struct TreeLogs(ConsoleExporter);

impl Export<LogEntry> for TreeLogs {
    fn export(&self, batch: Vec<LogEntry>) -> ExportFuture<'_> {
        Box::pin(async move {
            let ConsoleExporter { live, palette, .. } = &self.0;
            let logs = batch.len();
            let written = self.0.write(|| {
                let text = live.logs(batch, palette);
                live.logs.receive(logs);
                text
            });
            Ok(written.await?)
        })
    }

    fn shutdown(&self, _timeout: Duration) -> OTelSdkResult {
        Ok(())
    }

    fn set_resource(&mut self, _resource: &Resource) {}

    fn attach(&self, _runtime: &ExportRuntime, counts: &Arc<SignalCounts>) {
        self.0.live.logs.count_by(counts);
    }

    fn is_prompt(&self) -> bool {
        true
    }
}
