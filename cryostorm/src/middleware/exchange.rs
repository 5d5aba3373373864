//! A request and its response while they go on: one outcome for span, metrics and access log.

use std::any::type_name;
use std::borrow::Cow;
use std::fmt::Display;
use std::mem;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::{HeaderMap, Method, Response, StatusCode, Version};
use http_body::Body;
use opentelemetry::KeyValue;
use opentelemetry::trace::{SpanRef, Status, TraceContextExt};
use smallvec::SmallVec;

use crate::export::text;
use crate::instrument::{EndOnDrop, Failure, Message, RecordError, Ticks};

use super::access::{Access, Outcome};
use super::capture::Capture;
use super::grpc::{self, GrpcStatus};
use super::key;
use super::method::OTHER;
use super::metrics::{self, RequestMetric};
use super::request::protocol_version;
use super::size::{RequestSize, ResponseSize, content_length};

/// The side that a layer is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Server,
    Client,
}

/// By which conventions a request is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    Http,
    Grpc,
}

/// A request from its start to its outcome. Dropped before that, it was cancelled.
pub(super) struct Exchange {
    pub(super) telemetry: u64,
    pub(super) span: EndOnDrop,
    pub(super) start: Ticks,
    pub(super) side: Side,
    pub(super) protocol: Protocol,
    pub(super) capture: Arc<Capture>,
    /// Whether the answer has no body whatever its headers say.
    pub(super) is_head: bool,
    /// The attributes of its metrics, as far as they are known.
    pub(super) series: Vec<KeyValue>,
    /// Those of requests under way, if there are metrics.
    pub(super) active: Option<SmallVec<[KeyValue; 3]>>,
    pub(super) access: Option<Access>,
    pub(super) request_size: RequestSize,
    pub(super) progress: Progress,
}

/// How far it is.
#[derive(Debug, Default)]
pub(super) struct Progress {
    status: Option<StatusCode>,
    grpc: Option<GrpcStatus>,
    /// Whether the response is one of gRPC, by its content type or its status, and so of a procedure that there is.
    is_grpc: bool,
    /// How many bytes of the response went by.
    bytes: u64,
    /// How many there will be.
    expected: Option<u64>,
    /// Whether a part of it unwound.
    has_panicked: AtomicBool,
    is_over: bool,
}

impl Exchange {
    /// Counts it as under way, from here to its end.
    pub(super) fn begin(self) -> Box<Self> {
        self.step(1);
        Box::new(self)
    }

    /// Runs a part of it with its span current. If that unwinds, that is how it ends.
    pub(super) fn within<R>(&self, work: impl FnOnce() -> R) -> R {
        let _current = self.span.attach();
        let mut unwinding = TellOnDrop(Some(&self.progress.has_panicked));
        let done = work();
        unwinding.0 = None;
        done
    }

    /// The response has begun. Returns whether that is all of it.
    pub(super) fn answered<B: Body>(&mut self, response: &Response<B>) -> bool {
        let (status, headers, body) = (response.status(), response.headers(), response.body());
        let (is_empty, size) = self.within(|| (body.is_end_stream(), body.size_hint().exact()));
        self.head(status, response.version(), headers);
        if self.progress.is_over {
            return true;
        }
        let has_none = self.is_head
            || status.is_informational()
            || matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
        if self.protocol == Protocol::Http {
            // Whoever sends so many bytes does not ask whether there are more.
            self.progress.expected = content_length(headers).or(size);
        }
        if has_none || is_empty || self.is_complete() {
            self.end();
        }
        self.progress.is_over
    }

    /// The head of the response is there; for a client of HTTP that is the end.
    pub(super) fn head(&mut self, status: StatusCode, version: Version, headers: &HeaderMap) {
        self.progress.status = Some(status);
        let is_told = self.span.is_recording() || self.access.is_some();
        let span = self.span.context().span();
        let mut tell = teller(&span, &mut self.access);
        match self.protocol {
            Protocol::Http => {
                tell(status_code(status));
                if self.side == Side::Client
                    && let Some(version) = protocol_version(version)
                {
                    self.series.push(version.clone());
                    tell(version);
                }
            }
            Protocol::Grpc => {
                self.progress.grpc = GrpcStatus::of(headers);
                self.progress.is_grpc = self.progress.grpc.is_some() || grpc::is_call(headers);
            }
        }
        if is_told {
            self.capture.headers(&self.capture.response_headers, self.protocol, headers, &mut tell);
        }
        drop(tell);
        if (self.side, self.protocol) == (Side::Client, Protocol::Http) {
            self.end();
        }
    }

    /// So many bytes of the response went by.
    pub(super) fn sent(&mut self, bytes: u64) {
        self.progress.bytes = self.progress.bytes.saturating_add(bytes);
    }

    /// Whether as many went by as there are.
    pub(super) fn is_complete(&self) -> bool {
        self.progress.expected.is_some_and(|expected| self.progress.bytes >= expected)
    }

    pub(super) fn trailers(&mut self, trailers: &HeaderMap) {
        if self.protocol == Protocol::Grpc
            && let Some(status) = GrpcStatus::of(trailers)
        {
            (self.progress.grpc, self.progress.is_grpc) = (Some(status), true);
        }
    }

    /// There was no response.
    pub(super) fn failed<E: Display>(&mut self, error: &E) {
        // What a client says of a request may have its URL in it.
        let said = (self.side == Side::Client).then(|| self.capture.text(&text::of(error)));
        let message = said.as_ref().map_or(Message::Display(error), |said| Message::Display(said));
        self.fail(&Failure::error(type_name::<E>(), message, None));
    }

    /// The response broke off.
    pub(super) fn broken<E>(&mut self) {
        self.fail(&Failure::error(type_name::<E>(), Message::None, None));
    }

    pub(super) fn fail(&mut self, failure: &Failure<'_>) {
        self.finish(Some(failure));
    }

    /// All of it went by.
    pub(super) fn end(&mut self) {
        if self.protocol == Protocol::Grpc {
            let Progress { status, grpc, .. } = &mut self.progress;
            grpc.get_or_insert(status.map_or(GrpcStatus::UNKNOWN, GrpcStatus::of_http));
        }
        self.finish(None);
    }

    /// Only the first outcome counts.
    fn finish(&mut self, failure: Option<&Failure<'_>>) {
        if mem::replace(&mut self.progress.is_over, true) {
            return;
        }
        let nanos = self.start.elapsed();
        let failure = if *self.progress.has_panicked.get_mut() { Some(&Failure::PANIC) } else { failure };
        let error = match failure {
            Some(failure) => Some(Cow::Borrowed(failure.error_type)),
            None => self.error(),
        };
        self.settle(failure, error.as_deref());
        // Before its end, because a console shows what is in a span when that ends.
        self.log(nanos, error.is_some_and(|error| error != Failure::CANCELLED.error_type));
        self.span.end();
        self.measure(nanos);
        self.step(-1);
    }

    /// `error.type` of a response that came.
    fn error(&self) -> Option<Cow<'static, str>> {
        let Progress { status, grpc, .. } = &self.progress;
        match (self.protocol, self.side) {
            (Protocol::Http, side) => {
                let least = if side == Side::Server { 500 } else { 400 };
                let status = status.filter(|status| status.as_u16() >= least)?;
                Some(status.as_str().to_owned().into())
            }
            (Protocol::Grpc, Side::Server) => {
                grpc.filter(|status| status.is_error_of_server()).map(|status| status.name().into())
            }
            (Protocol::Grpc, Side::Client) => {
                grpc.filter(|status| status.is_error_of_client()).map(|status| status.name().into())
            }
        }
    }

    /// Writes the outcome on the span and among the attributes of metrics and log.
    fn settle(&mut self, failure: Option<&Failure<'_>>, error: Option<&str>) {
        let Progress { status, grpc, is_grpc, .. } = self.progress;
        let span = self.span.context().span();
        let mut tell = teller(&span, &mut self.access);
        // Also what no gRPC service answered: anybody may send the content type to anything, and not wait for an answer.
        let is_unknown = grpc == Some(GrpcStatus::UNIMPLEMENTED) || !is_grpc;
        if (self.side, self.protocol) == (Side::Server, Protocol::Grpc) && is_unknown {
            // Whoever calls chose its name.
            if let Some(method) = self.series.iter_mut().find(|pair| pair.key.as_str() == key::RPC_METHOD) {
                let original = mem::replace(&mut method.value, OTHER.into());
                tell(method.clone());
                tell(KeyValue::new(key::RPC_METHOD_ORIGINAL, original));
                span.update_name("grpc");
            }
        }
        match self.protocol {
            Protocol::Http => self.series.extend(status.map(status_code)),
            Protocol::Grpc => {
                let code = grpc.map(|grpc| KeyValue::new(key::RPC_RESPONSE_STATUS_CODE, grpc.name()));
                code.iter().cloned().for_each(&mut tell);
                self.series.extend(code);
            }
        }
        if let Some(error) = error {
            let error = KeyValue::new(key::ERROR_TYPE, error.to_owned());
            tell(error.clone());
            self.series.push(error);
        }
        match failure {
            Some(failure) => failure.record(&span, RecordError::Event),
            None if error.is_some() => span.set_status(Status::error("")),
            None => {}
        }
    }

    fn measure(&self, nanos: u64) {
        let measure =
            |metric: &'static RequestMetric, value| metric.record(self.telemetry, &self.series, value);
        match (self.side, self.protocol) {
            (Side::Server, Protocol::Http) => {
                measure(&metrics::HTTP_SERVER_DURATION, nanos);
                measure(&metrics::HTTP_SERVER_REQUEST_SIZE, self.request_bytes());
                measure(&metrics::HTTP_SERVER_RESPONSE_SIZE, self.progress.bytes);
            }
            (Side::Server, Protocol::Grpc) => measure(&metrics::RPC_SERVER_DURATION, nanos),
            (Side::Client, Protocol::Http) => {
                measure(&metrics::HTTP_CLIENT_DURATION, nanos);
                // Without an answer nobody knows how much of it was sent.
                if let Some(bytes) = self.request_size.bytes().filter(|_| self.progress.status.is_some()) {
                    measure(&metrics::HTTP_CLIENT_REQUEST_SIZE, bytes);
                }
            }
            (Side::Client, Protocol::Grpc) => measure(&metrics::RPC_CLIENT_DURATION, nanos),
        }
    }

    /// What is to measure the rest of a response to a client of HTTP, whose request is over with the head. None otherwise.
    pub(super) fn response_size(&mut self) -> Option<ResponseSize> {
        let is_over = self.progress.is_over && self.progress.status.is_some();
        let has_rest = is_over && (self.side, self.protocol) == (Side::Client, Protocol::Http);
        // Lazily, because one that is dropped measures.
        has_rest.then(|| ResponseSize {
            telemetry: self.telemetry,
            series: mem::take(&mut self.series),
            bytes: 0,
        })
    }

    fn step(&self, step: i64) {
        if let Some(series) = &self.active {
            let metric = match self.side {
                Side::Server => &metrics::HTTP_SERVER_ACTIVE_REQUESTS,
                Side::Client => &metrics::HTTP_CLIENT_ACTIVE_REQUESTS,
            };
            metric.step(self.telemetry, series, step);
        }
    }

    /// How many bytes of the request were read.
    fn request_bytes(&self) -> u64 {
        self.request_size.bytes().unwrap_or_default()
    }

    fn log(&mut self, nanos: u64, is_error: bool) {
        let Some(access) = self.access.take() else { return };
        let Progress { status, grpc, bytes, .. } = self.progress;
        let is_http = self.protocol == Protocol::Http;
        access.log(&Outcome {
            telemetry: self.telemetry,
            context: self.span.context(),
            status: match self.protocol {
                Protocol::Http => status.map(|status| status.as_str().to_owned().into()),
                Protocol::Grpc => grpc.map(|status| status.name().into()),
            },
            is_error,
            nanos,
            sizes: is_http.then(|| [self.request_bytes(), bytes]),
        });
    }
}

/// Tells of an attribute on the span and in the access log.
fn teller(span: &SpanRef<'_>, access: &mut Option<Access>) -> impl FnMut(KeyValue) {
    move |attribute| {
        if let Some(access) = access {
            access.set(attribute.clone());
        }
        span.set_attribute(attribute);
    }
}

fn status_code(status: StatusCode) -> KeyValue {
    KeyValue::new(key::HTTP_RESPONSE_STATUS_CODE, i64::from(status.as_u16()))
}

/// Whether a response to it has no body.
pub(super) fn is_head(method: &Method) -> bool {
    method == Method::HEAD
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.finish(Some(&Failure::CANCELLED));
    }
}

/// Tells that what it is held by unwinds.
struct TellOnDrop<'a>(Option<&'a AtomicBool>);

impl Drop for TellOnDrop<'_> {
    fn drop(&mut self) {
        if let Some(has_panicked) = self.0 {
            has_panicked.store(true, Ordering::Relaxed);
        }
    }
}
