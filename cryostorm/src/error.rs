//! What can go wrong before telemetry runs and when it ends. In between nothing can, for the caller.

use std::fmt;
use std::time::Duration;

use crate::catalogue::Conflict;
use crate::export::ExportError;
use crate::settings::{PropagatorType, SettingsError};

/// An error of installation, flush or shutdown.
///
/// `Debug` says the same as `Display`, because it is what a `main` that returns the error prints.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A setting is not accepted.
    #[error(transparent)]
    Settings(#[from] SettingsError),

    /// A step of the set-up failed; what was up already is shut down again.
    #[error("setting up {step} failed: {cause}")]
    Setup {
        /// The step: the export runtime, the propagator, tracing, metrics or logging.
        step: &'static str,
        /// Why.
        cause: Box<Error>,
    },

    /// An exporter could not be made.
    #[error("no exporter for {destination}: {cause}")]
    Exporter {
        /// Where it should have sent to.
        destination: String,
        /// Why.
        cause: Box<dyn std::error::Error + Send + Sync>,
    },

    /// A propagator could not be made.
    #[error("the propagator type {kind} needs the cargo feature `{feature}` of cryostorm")]
    Propagator {
        /// Its type.
        kind: PropagatorType,
        /// The feature that has it.
        feature: &'static str,
    },

    /// The operating system refused a thread that exporters run on, or what it needs.
    #[error("the export runtime did not start: {cause}")]
    Runtime {
        /// Why.
        cause: std::io::Error,
    },

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

    /// The crate `log` has another logger: see [`log::init`](crate::log::init).
    #[cfg(feature = "log")]
    #[error("the crate `log` has a logger already, and takes no second one")]
    Logger,

    /// Metrics of the program contradict each other: see [`Catalogue::conflicts`](crate::catalogue::Catalogue::conflicts).
    /// Only in development; elsewhere each is said on standard error, and the first declaration holds.
    #[error("{}", join(.0))]
    Catalogue(Vec<Conflict>),

    /// Telemetry is lost, or a flush was not done in time: what of each signal, where to and why.
    #[error("telemetry is lost: {}", join(.0))]
    Undelivered(Vec<ExportError>),

    /// Another thread shuts telemetry down and is not done in time.
    #[error("another shutdown is not done within {0:?}")]
    Timeout(Duration),
}

impl Error {
    pub(crate) fn exporter(
        destination: String,
        cause: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Exporter { destination, cause: cause.into() }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn join<E: ToString>(errors: &[E]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
