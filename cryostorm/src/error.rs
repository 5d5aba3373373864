//! What can go wrong before telemetry runs and when it ends. In between nothing can, for the caller.

use std::time::Duration;

use crate::export::ExportError;
use crate::settings::SettingsError;

/// An error of installation, flush or shutdown.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A setting is not accepted.
    #[error(transparent)]
    Settings(#[from] SettingsError),

    /// A step of the set-up failed; what was up already is shut down again.
    #[error("setting up {step} failed: {source}")]
    Setup {
        /// The step: the export runtime, the propagator, tracing, metrics or logging.
        step: &'static str,
        /// Why.
        source: Box<Error>,
    },

    /// An exporter could not be made.
    #[error("no exporter for {destination}: {source}")]
    Exporter {
        /// Where it should have sent to.
        destination: String,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },

    /// The operating system refused the thread that exporters run on.
    #[error("the export runtime did not start: {0}")]
    Runtime(#[from] std::io::Error),

    /// Another `Telemetry` is installed.
    #[error("telemetry is installed already, with {setting}={installed:?} and not {wanted:?}")]
    Installed {
        /// The first setting that differs.
        setting: String,
        /// Its value in the one that is installed.
        installed: String,
        /// Its value here.
        wanted: String,
    },

    /// Telemetry is lost: what of each signal, where to and why.
    #[error("telemetry is lost: {}", join(.0))]
    Undelivered(Vec<ExportError>),

    /// A part of your own, such as a span processor, failed to flush or shut down.
    #[error("{part} did not end well: {reason}")]
    Part {
        /// The signal that it belongs to.
        part: &'static str,
        /// What it said.
        reason: String,
    },

    /// Flush or shutdown was not done in time.
    #[error("telemetry was not done within {0:?}")]
    Timeout(Duration),
}

impl Error {
    pub(crate) fn exporter(
        destination: String,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Exporter { destination, source: source.into() }
    }

    pub(crate) fn part(part: &'static str, reason: &impl std::fmt::Display) -> Self {
        Self::Part { part, reason: reason.to_string() }
    }

    /// The errors of several components as one, if there are any.
    pub(crate) fn all(errors: impl IntoIterator<Item = Self>) -> Result<(), Self> {
        let mut lost = Vec::new();
        let mut other = None;
        for error in errors {
            match error {
                Self::Undelivered(more) => lost.extend(more),
                error => other = other.or(Some(error)),
            }
        }
        match (lost.is_empty(), other) {
            (true, None) => Ok(()),
            (true, Some(error)) => Err(error),
            (false, _) => Err(Self::Undelivered(lost)),
        }
    }
}

impl From<ExportError> for Error {
    fn from(error: ExportError) -> Self {
        Self::Undelivered(vec![error])
    }
}

fn join(errors: &[ExportError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
