//! Futures and bodies that are dropped, and what their destructors do.

use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context as Wakeup, Poll};

use axum::body::{Body, Bytes};
use axum::http::{Request, Response};
use cryostorm::middleware::{ObservedBody, ServerLayer};
use cryostorm::opentelemetry::logs::AnyValue;
use cryostorm::opentelemetry::trace::Status;
use cryostorm::{Level, Telemetry, counted, traced};
use cryostorm_tests::trace::{Trace, error_type, poll_once, spans_of, telemetry, total_of_all};
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt;
use tower::{Layer, Service, service_fn};

use super::observed::{active_by, block_on, request};

/// Leaves telemetry when it is dropped.
struct Leaves(fn());

impl Drop for Leaves {
    fn drop(&mut self) {
        self.0();
    }
}

#[traced]
fn leave() {}

#[traced]
#[counted(name = "dropped.leaves")]
fn leave_all() {
    Telemetry::global().log(Level::Error, "left by a destructor", &[]);
}

/// Where a body panics.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Panics {
    Never,
    WhenPolled,
    WhenAskedForItsSize,
    WhenAskedForItsEnd,
    WhenDropped,
}

/// A future that is ready with what it has, or a body without end.
struct Holds<T> {
    output: Option<T>,
    panics: Panics,
    _leaves: Leaves,
}

impl<T> Holds<T> {
    fn new(output: Option<T>, panics: Panics, leave: fn()) -> Self {
        Self { output, panics, _leaves: Leaves(leave) }
    }

    fn panic_if(&self, when: Panics) {
        if self.panics == when {
            std::panic::panic_any("by intent");
        }
    }
}

impl<T: Unpin> Future for Holds<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, _: &mut Wakeup<'_>) -> Poll<T> {
        self.output.take().map_or(Poll::Pending, Poll::Ready)
    }
}

impl<T: Unpin> http_body::Body for Holds<T> {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Wakeup<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.panic_if(Panics::WhenPolled);
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"chunk")))))
    }

    fn size_hint(&self) -> SizeHint {
        self.panic_if(Panics::WhenAskedForItsSize);
        SizeHint::new()
    }

    fn is_end_stream(&self) -> bool {
        self.panic_if(Panics::WhenAskedForItsEnd);
        false
    }
}

impl<T> Drop for Holds<T> {
    fn drop(&mut self) {
        self.panic_if(Panics::WhenDropped);
    }
}

type Answer = Result<Response<Holds<()>>, &'static str>;

fn body(panics: Panics, leave: fn()) -> Option<Answer> {
    Some(Ok(Response::new(Holds::new(None, panics, leave))))
}

/// What is left of a request whose client disconnects: while it waits, or after the first bytes.
fn left_of(path: &str, leave: fn(), answer: impl Fn() -> Option<Answer>) -> Trace {
    left_of_method("PUT", path, leave, answer)
}

fn left_of_method(method: &str, path: &str, leave: fn(), answer: impl Fn() -> Option<Answer>) -> Trace {
    let asks = async {
        let service = |_: Request<ObservedBody<Body>>| Holds::new(answer(), Panics::Never, leave);
        let request = request(method, &format!("https://shop{path}"));
        let mut sent = Box::pin(ServerLayer::new().layer(service_fn(service)).call(request));
        if let Poll::Ready(Ok(response)) = poll_once(sent.as_mut()) {
            response.into_body().frame().await.unwrap().unwrap();
        }
    };
    // A panic is the host's to see.
    spans_of(|| drop(catch_unwind(AssertUnwindSafe(|| block_on(asks)))))
}

/// Makes an answer of what its destructor is to do.
type Answering = fn(fn()) -> Option<Answer>;

/// Nobody answers, or with an error, or with a body.
const ANSWERS: [Answering; 3] = [|_| None, |_| Some(Err("no disk")), |leave| body(Panics::Never, leave)];

#[test]
fn leave_nothing_of_requests_that_are_excluded() {
    let left = ANSWERS.map(|answer| left_of("/health", leave_all, || answer(leave_all)).spans.len());
    assert_eq!(left, [0; 3]);
    let logs = telemetry().in_memory().logs();
    let text = AnyValue::from("left by a destructor".to_owned());
    assert!(logs.iter().all(|log| log.body() != Some(&text)));
    assert_eq!(total_of_all("dropped.leaves", "leave_all"), 0);
}

#[test]
fn are_dropped_under_the_span_of_their_request() {
    let errors = ANSWERS.map(|answer| {
        let trace = left_of("/held", leave, || answer(leave));
        let span = trace.named("PUT");
        let left: Vec<_> = trace.spans.iter().filter(|span| span.name.ends_with("leave")).collect();
        assert!(!left.is_empty());
        for left in left {
            assert_eq!(left.parent_span_id, span.span_context.span_id());
            assert!(left.end_time <= span.end_time);
        }
        error_type(span)
    });
    let expected = [Some("cancelled"), Some("&str"), Some("cancelled")];
    assert_eq!(errors.each_ref().map(Option::as_deref), expected);
}

/// The request is over when it is answered, its body is not.
#[test]
fn are_dropped_there_also_where_nobody_reads_the_body() {
    let trace = left_of_method("HEAD", "/head", leave, || body(Panics::Never, leave));
    let span = trace.named("HEAD");
    let left: Vec<_> = trace.spans.iter().filter(|span| span.name.ends_with("leave")).collect();
    assert_eq!(left.len(), 2, "of the future, and of the body");
    assert!(left.iter().all(|left| left.parent_span_id == span.span_context.span_id()));
}

#[test]
fn are_panics_where_the_host_panics() {
    for panics in
        [Panics::WhenPolled, Panics::WhenAskedForItsSize, Panics::WhenAskedForItsEnd, Panics::WhenDropped]
    {
        let trace = left_of("/panicking", leave, || body(panics, leave));
        let span = trace.named("PUT");
        assert_eq!(error_type(span).as_deref(), Some("panic"), "{panics:?}");
        assert!(matches!(span.status, Status::Error { .. }), "{panics:?}");
    }
    assert_eq!(active_by("PUT", "https"), 0);
}
