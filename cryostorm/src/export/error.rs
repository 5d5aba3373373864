//! What an export failure is.

use std::fmt;

/// One of the three kinds of telemetry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Signal {
    /// Spans.
    Traces,
    /// Metric points.
    Metrics,
    /// Log records.
    Logs,
}

impl Signal {
    /// What its items are called.
    pub(crate) const fn items(self) -> &'static str {
        match self {
            Self::Traces => "spans",
            Self::Metrics => "metric points",
            Self::Logs => "log records",
        }
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Traces => "traces",
            Self::Metrics => "metrics",
            Self::Logs => "logs",
        })
    }
}

/// Telemetry that did not arrive: how much of which signal, where to, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExportError {
    /// The signal.
    pub signal: Signal,
    /// How many of its items were lost since the last flush, or still wait after a flush that was not done in time.
    /// Zero where nobody can tell, as for metrics that were not collected.
    pub lost: u64,
    /// Where they should have gone, such as `http://localhost:4317`.
    pub destination: String,
    /// Why they did not arrive, as the exporter put it.
    pub reason: String,
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { signal, lost, destination, reason } = self;
        let items = signal.items();
        match lost {
            0 => write!(f, "{items} for {destination}: {reason}"),
            lost => write!(f, "{lost} {items} did not arrive at {destination}: {reason}"),
        }
    }
}

impl std::error::Error for ExportError {}
