//! Counts the lines and bytes of each language in a directory tree, and shows what telemetry that makes.
//!
//! `cargo run --example quickstart -- examples/sample`: three files, to the console; with `CONSOLE__FORMAT=json` as JSON.
//! `TRACING__EXPORTER_TYPE=otlp METRICS__EXPORTER_TYPE=otlp LOGGING__EXPORTER_TYPE=otlp cargo run --example quickstart`:
//! this repository, to a Collector at `localhost:4317`. On the console it would be thousands of lines.

#[cfg(test)]
mod catalogue;
mod census;
mod language;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use cryostorm::{ExportStats, Telemetry, TelemetrySettings};

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("quickstart: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn std::error::Error>> {
    let mut settings = TelemetrySettings::from_env()?;
    if std::env::var_os("SERVICE__NAME").is_none() {
        settings.service.name = "quickstart".into();
    }
    let root = std::env::args_os().nth(1).map_or_else(repository, PathBuf::from);
    let root = root.canonicalize().map_err(|error| format!("{}: {error}", root.display()))?;

    let telemetry = Telemetry::from_settings(settings)?;
    let census = census::take(root).await;

    // Telemetry that cannot be delivered is reported by itself, and is no reason for this program to fail.
    let delivered = telemetry.shutdown_async(Duration::from_secs(10)).await.is_ok();
    let report = format!("\n{census}\n\n{}", summary(telemetry.export_stats(), delivered));
    // Whoever reads this may have heard enough, and closed the pipe.
    let _ = std::io::stdout().write_all(report.as_bytes());
    Ok(())
}

/// What telemetry the run has made.
fn summary(stats: ExportStats, delivered: bool) -> String {
    let mut text = String::from("telemetry      accepted  exported      lost\n");
    for (signal, stats) in
        [("spans", stats.traces), ("metric points", stats.metrics), ("log records", stats.logs)]
    {
        text += &format!("{signal:<13}{:>10}{:>10}{:>10}\n", stats.accepted, stats.exported, stats.lost());
    }
    text + if delivered { "All of it was delivered.\n" } else { "Not all of it was delivered.\n" }
}

/// The repository that this example belongs to.
fn repository() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
