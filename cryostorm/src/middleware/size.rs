//! How long bodies are.

use std::mem;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http::{HeaderMap, header};
use http_body::Body;
use opentelemetry::KeyValue;

use super::metrics;

/// The length of a request's body in bytes.
#[derive(Clone, Debug)]
pub(super) enum RequestSize {
    /// Nobody knows it.
    Unknown,
    /// That of all of it.
    Known(u64),
    /// That of what was read so far.
    Counted(Arc<AtomicU64>),
}

impl RequestSize {
    /// What is known before it is sent.
    pub(super) fn announced(headers: &HeaderMap, body: &impl Body) -> Self {
        body.size_hint().exact().or_else(|| content_length(headers)).map_or(Self::Unknown, Self::Known)
    }

    pub(super) fn bytes(&self) -> Option<u64> {
        match self {
            Self::Unknown => None,
            Self::Known(bytes) => Some(*bytes),
            Self::Counted(bytes) => Some(bytes.load(Ordering::Relaxed)),
        }
    }
}

/// The length that headers announce.
pub(super) fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The length of what a client reads of a response, whose request was over with its head. It is measured when it is dropped.
#[derive(Debug)]
pub(super) struct ResponseSize {
    pub(super) telemetry: u64,
    pub(super) series: Vec<KeyValue>,
    pub(super) bytes: u64,
}

impl Drop for ResponseSize {
    fn drop(&mut self) {
        let series = mem::take(&mut self.series);
        metrics::HTTP_CLIENT_RESPONSE_SIZE.record(self.telemetry, &series, self.bytes);
    }
}
