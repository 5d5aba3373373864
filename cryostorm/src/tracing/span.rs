//! A span of `tracing`, as a span of ours.

use std::mem;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use opentelemetry::trace::{SpanKind, Status, TraceContextExt};
use opentelemetry::{Context, Key, KeyValue, Value};
use tracing_core::span::{Attributes, Record};

use crate::feedback::{self, Depth};
use crate::instrument::{self, Begun, Failure, RecordError, Ticks};
use crate::trace::SpanRequest;

use super::field::{Sink, Typed, text};
use super::site;

thread_local! {
    /// Whether samplers and processors see a span of `tracing` start or end, which may be a user's own.
    static IS_SHOWING: Depth = const { Depth::new(0) };
}

/// What the layer keeps with a span of `tracing`.
pub(super) struct Span {
    /// What is current where the span is entered.
    context: Context,
    begun: Begun,
    /// When it was left the last time, in nanoseconds after it began; 0 before that.
    left: AtomicU64,
    /// The fields that were recorded after it began, each once, so that they are not more than the span declares.
    recorded: Mutex<Vec<Recorded>>,
}

/// A field whose first value is on the span already. The latest of several waits for the end: a span has no room for all that
/// a field ever was, and takes what comes first.
struct Recorded {
    key: Key,
    latest: Option<Value>,
}

impl Span {
    /// Starts one under `parent`, or else under what is current. None where nothing is to observe it.
    pub(super) fn start(attributes: &Attributes<'_>, parent: Option<Context>) -> Option<Self> {
        let local = instrument::current()?;
        let tracers = local.signals().tracers.as_ref()?;
        let site = site::of(attributes.metadata());
        let mut request = SpanRequest::default();
        let mut description = Description::default();
        request.context.clone_from(&parent);
        if tracers.foresee(Some(site), &mut request) {
            attributes.record(&mut Typed(&mut description));
        }
        let status = description.describe(&mut request);
        let mut begun = Begun::NOTHING;
        feedback::once(&IS_SHOWING, || tracers.begin(Some(site), Some(&mut request), &mut begun))?;
        let context = begun.context.take().or(parent).unwrap_or_else(Context::current);
        let span = Self { context, begun, left: AtomicU64::new(0), recorded: Mutex::default() };
        if let Some(status) = status {
            span.set_status(status);
        }
        Some(span)
    }

    pub(super) fn context(&self) -> &Context {
        &self.context
    }

    /// Takes fields that are known later.
    pub(super) fn record(&self, values: &Record<'_>) {
        let span = self.context.span();
        if !self.is_recording() {
            return;
        }
        let mut description = Description::default();
        values.record(&mut Typed(&mut description));
        let status = description.status();
        let Description { name, attributes, .. } = description;
        attributes
            .into_iter()
            .filter_map(|attribute| self.first(attribute))
            .for_each(|attribute| span.set_attribute(attribute));
        name.into_iter().for_each(|name| span.update_name(name));
        status.into_iter().for_each(|status| span.set_status(status));
    }

    /// The attribute, unless its field was recorded before.
    fn first(&self, attribute: KeyValue) -> Option<KeyValue> {
        let mut recorded = self.recorded.lock().unwrap_or_else(PoisonError::into_inner);
        match recorded.iter_mut().find(|recorded| recorded.key == attribute.key) {
            Some(again) => {
                again.latest = Some(attribute.value);
                None
            }
            None => {
                recorded.push(Recorded { key: attribute.key.clone(), latest: None });
                Some(attribute)
            }
        }
    }

    pub(super) fn set_status(&self, status: Status) {
        if self.is_recording() {
            self.context.span().set_status(status);
        }
    }

    /// Links it to a span that it follows from.
    pub(super) fn follow(&self, earlier: &Context) {
        if self.is_recording() {
            self.context.span().add_link(earlier.span().span_context().clone(), Vec::new());
        }
    }

    /// A thread left it.
    pub(super) fn leave(&self, is_unwinding: bool) {
        if !self.begun.has_span {
            return;
        }
        let end = self.begun.end(Ticks::now());
        self.left.fetch_max(end.since(self.begun.wall).max(1), Ordering::Relaxed);
        if is_unwinding {
            Failure::PANIC.record(&self.context.span(), RecordError::Event);
        }
    }

    /// Ends it as of when it was left the last time: `tracing` keeps a span for as long as it has children, which may be
    /// tasks that go on for long.
    pub(super) fn end(&self) {
        if !self.begun.has_span {
            return;
        }
        let end = match self.left.load(Ordering::Relaxed) {
            0 => self.begun.end(Ticks::now()),
            left => self.begun.wall.later(left),
        };
        let recorded = mem::take(&mut *self.recorded.lock().unwrap_or_else(PoisonError::into_inner));
        let span = self.context.span();
        for Recorded { key, latest } in recorded {
            latest.into_iter().for_each(|latest| span.set_attribute(KeyValue::new(key.clone(), latest)));
        }
        let end = || span.end_with_timestamp(end.into());
        if feedback::once(&IS_SHOWING, end).is_none() {
            end();
        }
    }

    /// Whether it is a span to write on, and not the ids of another that it goes on under.
    fn is_recording(&self) -> bool {
        self.begun.has_span && self.context.span().is_recording()
    }
}

/// What the fields of a span say.
#[derive(Default)]
struct Description {
    name: Option<String>,
    kind: Option<SpanKind>,
    status_code: Option<String>,
    status_description: Option<String>,
    attributes: Vec<KeyValue>,
}

impl Sink for Description {
    fn put(&mut self, key: &'static str, value: Value) {
        match key {
            "otel.name" => self.name = Some(text(value)),
            "otel.kind" => self.kind = kind(&text(value)),
            "otel.status_code" => self.status_code = Some(text(value)),
            "otel.status_description" => self.status_description = Some(text(value)),
            _ => self.attributes.push(KeyValue::new(key, value)),
        }
    }
}

impl Description {
    /// Asks for a span of this description, but for the status, which a span is given later.
    fn describe(mut self, request: &mut SpanRequest) -> Option<Status> {
        let status = self.status();
        self.attributes.into_iter().for_each(|attribute| request.add_attribute(attribute));
        self.name.into_iter().for_each(|name| request.set_name(name.into()));
        self.kind.into_iter().for_each(|kind| request.set_kind(kind));
        status
    }

    /// A description alone is that of an error, as no other status has one.
    fn status(&mut self) -> Option<Status> {
        let description = self.status_description.take();
        match self.status_code.take() {
            Some(code) if code.eq_ignore_ascii_case("ok") => Some(Status::Ok),
            Some(code) if code.eq_ignore_ascii_case("error") => {
                Some(Status::error(description.unwrap_or_default()))
            }
            Some(_) => None,
            None => description.map(Status::error),
        }
    }
}

fn kind(text: &str) -> Option<SpanKind> {
    let kinds = [
        ("server", SpanKind::Server),
        ("client", SpanKind::Client),
        ("producer", SpanKind::Producer),
        ("consumer", SpanKind::Consumer),
        ("internal", SpanKind::Internal),
    ];
    kinds.into_iter().find(|(name, _)| text.eq_ignore_ascii_case(name)).map(|(_, kind)| kind)
}
