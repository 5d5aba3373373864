//! Why telemetry did not arrive.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// What an exporter was told did not get where it should.
///
/// ```
/// use std::time::Duration;
/// use cryostorm_exporter::DeliveryError;
///
/// let error = DeliveryError::Timeout(Duration::from_secs(2));
/// assert_eq!(error.to_string(), "not delivered within 2s");
/// assert_eq!(DeliveryError::failed("no disk").to_string(), "not delivered: no disk");
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum DeliveryError {
    /// It is not done within this time.
    Timeout(Duration),
    /// So many calls of `increment` and `observe` were dropped since this was last asked.
    Lost(u64),
    /// The exporter, or where it sends to, failed.
    Failed(Arc<dyn Error + Send + Sync>),
}

impl DeliveryError {
    /// A failure, for this reason.
    pub fn failed(reason: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Failed(Arc::from(reason.into()))
    }
}

impl fmt::Display for DeliveryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Timeout(limit) => write!(f, "not delivered within {limit:?}"),
            Self::Lost(calls) => write!(f, "calls dropped: {calls}"),
            Self::Failed(reason) => write!(f, "not delivered: {reason}"),
        }
    }
}

// No source: the message has it already.
impl Error for DeliveryError {}
