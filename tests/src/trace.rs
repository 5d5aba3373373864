//! What annotated code left behind in this process, told apart by trace and by function.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::OnceLock;
use std::task::{Context as Wakeup, Poll, Waker};
use std::time::Duration;

use cryostorm::export::{MetricPoint, PointValue};
use cryostorm::opentelemetry::trace::{SpanContext, SpanId, TraceContextExt as _, TraceId};
use cryostorm::opentelemetry::{Context, Value};
use cryostorm::opentelemetry_sdk::trace::SpanData;
use cryostorm::{Telemetry, TelemetryGuard};

use crate::installation::quiet;

/// The one installation of this process. The tests tell their telemetry apart by trace and by function.
pub fn telemetry() -> &'static TelemetryGuard {
    static INSTALLED: OnceLock<TelemetryGuard> = OnceLock::new();
    INSTALLED.get_or_init(|| {
        let mut settings = quiet();
        // Some tests make spans faster than they are taken out.
        let arguments = &mut settings.tracing.additional_processor_args;
        *arguments = std::mem::take(arguments).with("max_queue_size", "1000000");
        Telemetry::from_settings(settings).expect("an installation")
    })
}

/// Runs `work` under a root span, and returns the spans that it left, without the root.
pub fn spans_of(work: impl FnOnce()) -> Trace {
    let root = telemetry().span("root").in_scope(|span| {
        work();
        span.span_context()
    });
    Trace::of(&root)
}

/// The spans of one trace.
#[derive(Debug)]
pub struct Trace {
    /// The span around all of them, which is not among them.
    pub root: SpanId,
    /// The others, in the order in which they ended.
    pub spans: Vec<SpanData>,
}

impl Trace {
    /// All that was exported of the trace of `root`.
    pub fn of(root: &SpanContext) -> Self {
        telemetry().force_flush(Duration::from_secs(30)).expect("a flush");
        let trace: TraceId = root.trace_id();
        let mut spans = telemetry().in_memory().spans();
        spans.retain(|span| {
            span.span_context.trace_id() == trace && span.span_context.span_id() != root.span_id()
        });
        Self { root: root.span_id(), spans }
    }

    /// The one span whose name, or the end of whose path, is this.
    pub fn named(&self, name: &str) -> &SpanData {
        let path = format!("::{name}");
        let mut found = self.spans.iter().filter(|span| span.name == name || span.name.ends_with(&path));
        let span = found.next().unwrap_or_else(|| panic!("no {name} among {:?}", self.spans));
        assert!(found.next().is_none(), "{name} twice");
        span
    }

    /// The only span there is.
    pub fn only(&self) -> &SpanData {
        assert_eq!(self.spans.len(), 1, "{:?}", self.spans);
        &self.spans[0]
    }
}

/// The value of an attribute.
pub fn attribute(span: &SpanData, key: &str) -> Option<Value> {
    span.attributes.iter().find(|pair| pair.key.as_str() == key).map(|pair| pair.value.clone())
}

/// The value of `error.type`.
pub fn error_type(span: &SpanData) -> Option<String> {
    attribute(span, "error.type").map(|value| value.to_string())
}

/// The points of a metric that are one function's.
pub fn points(name: &str, function: &str) -> Vec<MetricPoint> {
    telemetry().force_flush(Duration::from_secs(30)).expect("a flush");
    let function = format!("::{function}");
    let mut points = telemetry().in_memory().metrics();
    points.retain(|point| {
        point.name == name && label(point, "code.function.name").is_some_and(|path| path.ends_with(&function))
    });
    points
}

/// The value of a point's attribute, as text.
pub fn label(point: &MetricPoint, key: &str) -> Option<String> {
    point.attributes.iter().find(|pair| pair.key.as_str() == key).map(|pair| pair.value.to_string())
}

/// The value of a metric for one function and one outcome: the sum, or how many measurements.
pub fn total(name: &str, function: &str, error: Option<&str>) -> u64 {
    let mut points = points(name, function);
    points.retain(|point| label(point, "error.type").as_deref() == error);
    points.iter().map(value).sum::<i64>().try_into().expect("what never falls")
}

/// The value of a metric for one function, whatever its outcomes.
pub fn total_of_all(name: &str, function: &str) -> i64 {
    points(name, function).iter().map(value).sum()
}

fn value(point: &MetricPoint) -> i64 {
    match &point.value {
        PointValue::Sum { value, .. } => value.to_string().parse().expect("a whole number"),
        PointValue::Histogram { count, .. } => count.cast_signed(),
        other => panic!("{other:?}"),
    }
}

/// Polls once, as an executor would.
pub fn poll_once<F: Future + ?Sized>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Wakeup::from_waker(Waker::noop()))
}

/// Gives way once.
pub async fn give_way() {
    let mut given = false;
    poll_fn(|wakeup| {
        if std::mem::replace(&mut given, true) {
            return Poll::Ready(());
        }
        wakeup.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// The id of the span that is current.
pub fn current_id() -> SpanId {
    Context::current().span().span_context().span_id()
}
