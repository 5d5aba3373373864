//! Counts the lines and bytes of each language in a directory tree, and shows what telemetry that makes.
//!
//! `cargo run --example quickstart [-- DIRECTORY]`: to the console.
//! `TRACING__EXPORTER_TYPE=otlp METRICS__EXPORTER_TYPE=otlp LOGGING__EXPORTER_TYPE=otlp cargo run --example quickstart`:
//! to a Collector at `localhost:4317`.

mod census;
mod language;

use std::path::PathBuf;
use std::process::ExitCode;

use cryostorm::{Telemetry, TelemetrySettings};

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
    if settings.service == Default::default() {
        settings.service.name = "quickstart".into();
    }
    let telemetry = Telemetry::from_settings(settings)?;

    let root = std::env::args_os().nth(1).map_or_else(repository, PathBuf::from);
    let census = census::take(root).await?;

    // Telemetry that cannot be delivered is reported by itself, and is no reason for this program to fail.
    let delivered = telemetry.shutdown_async(std::time::Duration::from_secs(10)).await.is_ok();
    println!("\n{census}\n");
    println!("telemetry    accepted  exported  lost");
    let stats = telemetry.export_stats();
    for (signal, stats) in [("spans", stats.traces), ("metric points", stats.metrics), ("logs", stats.logs)] {
        println!("{signal:<13}{:>8}  {:>8}  {:>4}", stats.accepted, stats.exported, stats.lost());
    }
    println!("{}", if delivered { "All of it was delivered." } else { "Not all of it was delivered." });
    Ok(())
}

/// The repository that this example belongs to.
fn repository() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
