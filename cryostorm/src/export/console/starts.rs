//! Spans that have started, on their way from instrumented code to the console.

use std::borrow::Cow;
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use opentelemetry::KeyValue;
use opentelemetry::trace::{SpanContext, SpanId, SpanKind, TraceId};
use tokio::sync::Notify;

use super::super::text::cut;
use super::words::{NAME, pairs};

/// The most that wait: the console looks often, unless what it writes to is stuck.
const MOST: usize = 4096;
/// The most attributes of one that are shown when it starts.
const ATTRIBUTES: usize = 4;

/// A span that has started: what the line about it says, within bounds.
#[derive(Clone, Debug)]
pub(crate) struct StartedSpan {
    pub(super) trace_id: TraceId,
    pub(super) span_id: SpanId,
    /// None: it began here.
    pub(super) parent: Option<SpanId>,
    pub(super) kind: SpanKind,
    pub(super) name: Cow<'static, str>,
    pub(super) time: SystemTime,
    pub(super) attributes: String,
}

impl StartedSpan {
    /// `parent` is none for a span whose parent is not of this process.
    pub(crate) fn new(
        context: &SpanContext,
        parent: Option<SpanId>,
        kind: &SpanKind,
        name: Cow<'static, str>,
        time: SystemTime,
        attributes: &[KeyValue],
    ) -> Self {
        let few = attributes.iter().take(ATTRIBUTES).map(|pair| (pair.key.as_str(), &pair.value));
        Self {
            trace_id: context.trace_id(),
            span_id: context.span_id(),
            parent,
            kind: kind.clone(),
            name: if name.len() > NAME { cut(&name, NAME).into() } else { name },
            time,
            attributes: pairs(few),
        }
    }
}

/// Where instrumented code leaves spans that start, without a wait. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Starts {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    waiting: Mutex<Waiting>,
    wake: Notify,
}

#[derive(Debug, Default)]
pub(super) struct Waiting {
    pub(super) spans: Vec<StartedSpan>,
    /// How many there was no room for.
    pub(super) missed: usize,
}

impl Starts {
    pub(crate) fn push(&self, span: StartedSpan) {
        let mut waiting = self.inner.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.spans.len() < MOST {
            waiting.spans.push(span);
        } else {
            waiting.missed += 1;
        }
        drop(waiting);
        self.inner.wake.notify_one();
    }

    /// All that wait, in the order in which they started.
    pub(super) fn take(&self) -> Waiting {
        mem::take(&mut self.inner.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Until there is one.
    pub(super) async fn woken(&self) {
        self.inner.wake.notified().await;
    }
}
