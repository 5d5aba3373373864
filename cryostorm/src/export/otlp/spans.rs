//! The exporter of spans.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;

use crate::export::exporter::{Export, ExportFuture, Undelivered};
use crate::trace::SpanItem;

use super::answer::{Answer, PartialSuccess};
use super::reason::Secrets;
use super::request::RequestEncoder;
use super::retry::{Failure, retried};

/// What sends a request by one of the transports.
pub(super) trait Client: Send + Sync + 'static {
    /// One attempt.
    fn send(&self, request: Bytes) -> impl Future<Output = Result<Answer, Failure>> + Send;

    fn secrets(&self) -> &Secrets;
}

/// Sends spans to an OTLP endpoint.
pub(super) struct OtlpSpans<C> {
    client: C,
    /// Used by one export at a time, and not while one waits.
    encoder: Mutex<RequestEncoder>,
    timeout: Duration,
}

impl<C: Client> OtlpSpans<C> {
    pub(super) fn new(client: C, timeout: Duration) -> Self {
        Self { client, encoder: Mutex::default(), timeout }
    }

    async fn send(&self, batch: Vec<SpanItem>) -> Result<(), Undelivered> {
        let spans = batch.len();
        let request = self.encoder.lock().unwrap_or_else(PoisonError::into_inner).encode(&batch);
        // Their room is of use to others while the request is on its way.
        batch.into_iter().for_each(SpanItem::recycle);
        let answer = retried(self.timeout, || self.client.send(request.clone())).await?;
        match answer.partial_success {
            Some(PartialSuccess { rejected_spans, error_message }) if rejected_spans > 0 => {
                let what = format!("{rejected_spans} of {spans} spans were rejected");
                Err(Undelivered {
                    items: Some(usize::try_from(rejected_spans).unwrap_or(spans)),
                    reason: self.client.secrets().with_message(what, &error_message),
                })
            }
            // What else there may be is advice.
            _ => Ok(()),
        }
    }
}

impl<C: Client> Export<SpanItem> for OtlpSpans<C> {
    fn export(&self, batch: Vec<SpanItem>) -> ExportFuture<'_> {
        Box::pin(self.send(batch))
    }

    fn shutdown(&self, _timeout: Duration) -> OTelSdkResult {
        Ok(())
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.encoder.get_mut().unwrap_or_else(PoisonError::into_inner).set_resource(resource);
    }
}
