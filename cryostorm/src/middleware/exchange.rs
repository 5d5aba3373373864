//! A request and its response while they go on: one outcome for span, metrics and access log.

use std::any::type_name;
use std::borrow::Cow;
use std::fmt::Display;
use std::mem;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use http::{HeaderMap, Method, Response, StatusCode, Version, header};
use http_body::Body;
use opentelemetry::trace::{Status, TraceContextExt};
use opentelemetry::{KeyValue, Value};

use crate::Level;
use crate::instrument::{
    self, CallSite, EndOnDrop, Failure, Message, RecordError, Ticks, measure_request, step_request,
};
use crate::log::record;

use super::capture::Capture;
use super::grpc::{self, GrpcStatus};
use super::method::OTHER;
use super::metrics;
use super::request::protocol_version;

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
    /// Those of requests under way.
    pub(super) active: Option<[KeyValue; 2]>,
    pub(super) access: Option<Access>,
    pub(super) request_bytes: Option<Arc<AtomicU64>>,
    pub(super) response: Answer,
    /// Whether a part of it unwound.
    pub(super) has_panicked: AtomicBool,
    pub(super) is_over: bool,
}

/// What the access log says of a request.
pub(super) struct Access {
    pub(super) name: Cow<'static, str>,
    pub(super) attributes: Vec<KeyValue>,
}

/// What is known of the response.
#[derive(Debug, Default)]
pub(super) struct Answer {
    status: Option<StatusCode>,
    grpc: Option<GrpcStatus>,
    /// Whether it is one of gRPC, by its content type or its status, and so of a procedure that there is.
    is_grpc: bool,
    bytes: u64,
    /// How many there will be.
    expected: Option<u64>,
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
        let mut unwinding = TellOnDrop(Some(&self.has_panicked));
        let done = work();
        unwinding.0 = None;
        done
    }

    /// The response has begun. Returns whether that is all of it.
    pub(super) fn answered<B: Body>(&mut self, response: &Response<B>) -> bool {
        let (status, headers, body) = (response.status(), response.headers(), response.body());
        let (is_empty, size) = self.within(|| (body.is_end_stream(), body.size_hint().exact()));
        self.head(status, response.version(), headers);
        if self.is_over {
            return true;
        }
        let has_none = self.is_head
            || status.is_informational()
            || matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
        if self.protocol == Protocol::Http {
            // Whoever sends so many bytes does not ask whether there are more.
            let length =
                headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
            self.response.expected = length.or(size);
        }
        if has_none || is_empty || self.is_complete() {
            self.end();
        }
        self.is_over
    }

    /// The head of the response is there; for a client of HTTP that is the end.
    pub(super) fn head(&mut self, status: StatusCode, version: Version, headers: &HeaderMap) {
        self.response.status = Some(status);
        let is_told = self.span.is_recording() || self.access.is_some();
        let span = self.span.context().span();
        let mut add = |attribute: KeyValue| {
            if let Some(access) = &mut self.access {
                access.attributes.push(attribute.clone());
            }
            span.set_attribute(attribute);
        };
        match self.protocol {
            Protocol::Http => {
                add(status_code(status));
                if self.side == Side::Client
                    && let Some(version) = protocol_version(version)
                {
                    self.series.push(version.clone());
                    add(version);
                }
            }
            Protocol::Grpc => {
                self.response.grpc = GrpcStatus::of(headers);
                self.response.is_grpc = self.response.grpc.is_some() || grpc::is_call(headers);
            }
        }
        if is_told {
            self.capture.headers(&self.capture.response_headers, self.protocol, headers, add);
        }
        if (self.side, self.protocol) == (Side::Client, Protocol::Http) {
            self.end();
        }
    }

    /// So many bytes of the response went by.
    pub(super) fn sent(&mut self, bytes: u64) {
        self.response.bytes = self.response.bytes.saturating_add(bytes);
    }

    /// Whether as many went by as there are.
    pub(super) fn is_complete(&self) -> bool {
        self.response.expected.is_some_and(|expected| self.response.bytes >= expected)
    }

    pub(super) fn trailers(&mut self, trailers: &HeaderMap) {
        if self.protocol == Protocol::Grpc
            && let Some(status) = GrpcStatus::of(trailers)
        {
            (self.response.grpc, self.response.is_grpc) = (Some(status), true);
        }
    }

    /// There was no response.
    pub(super) fn failed<E: Display>(&mut self, error: &E) {
        self.fail(&Failure::error(type_name::<E>(), Message::Display(error), None));
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
            let Answer { status, grpc, .. } = &mut self.response;
            grpc.get_or_insert(status.map_or(GrpcStatus::UNKNOWN, GrpcStatus::of_http));
        }
        self.finish(None);
    }

    /// Only the first outcome counts.
    fn finish(&mut self, failure: Option<&Failure<'_>>) {
        if mem::replace(&mut self.is_over, true) {
            return;
        }
        let nanos = self.start.elapsed();
        let failure = if *self.has_panicked.get_mut() { Some(&Failure::PANIC) } else { failure };
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
        let Answer { status, grpc, .. } = &self.response;
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
        let span = self.span.context().span();
        let mut end = Vec::new();
        if let Some(grpc) = self.response.grpc {
            let code = KeyValue::new("rpc.response.status_code", grpc.name());
            span.set_attribute(code.clone());
            end.push(code);
        }
        let Answer { grpc, is_grpc, .. } = self.response;
        // Also what no gRPC service answered: anybody may send the content type to anything, and not wait for an answer.
        let is_unknown = grpc == Some(GrpcStatus::UNIMPLEMENTED) || !is_grpc;
        if (self.side, self.protocol) == (Side::Server, Protocol::Grpc) && is_unknown {
            // Whoever calls chose its name.
            if let Some(method) = self.series.iter_mut().find(|pair| pair.key.as_str() == "rpc.method") {
                let original = mem::replace(&mut method.value, OTHER.into());
                span.set_attribute(method.clone());
                span.set_attribute(KeyValue::new("rpc.method_original", original));
                span.update_name("grpc");
            }
        }
        if let Some(error) = error {
            end.push(KeyValue::new("error.type", error.to_owned()));
        }
        match (failure, error) {
            (Some(failure), _) => failure.record(&span, RecordError::Event),
            (None, Some(error)) => {
                span.set_attribute(KeyValue::new("error.type", error.to_owned()));
                span.set_status(Status::error(""));
            }
            (None, None) => {}
        }
        if let Some(access) = &mut self.access {
            access.attributes.extend(end.iter().cloned());
        }
        if self.protocol == Protocol::Http {
            self.series.extend(self.response.status.map(status_code));
        }
        self.series.append(&mut end);
    }

    fn measure(&self, nanos: u64) {
        let measure = |site: &'static CallSite, value| {
            measure_request(self.telemetry, site, &self.series, value);
        };
        match (self.side, self.protocol) {
            (Side::Server, Protocol::Http) => {
                measure(&metrics::HTTP_SERVER_DURATION, nanos);
                measure(&metrics::HTTP_SERVER_REQUEST_SIZE, self.received());
                measure(&metrics::HTTP_SERVER_RESPONSE_SIZE, self.response.bytes);
            }
            (Side::Server, Protocol::Grpc) => measure(&metrics::RPC_SERVER_DURATION, nanos),
            (Side::Client, Protocol::Http) => measure(&metrics::HTTP_CLIENT_DURATION, nanos),
            (Side::Client, Protocol::Grpc) => measure(&metrics::RPC_CLIENT_DURATION, nanos),
        }
    }

    fn step(&self, step: i64) {
        if let Some(attributes) = &self.active {
            let metric = metrics::HTTP_SERVER_ACTIVE_REQUESTS;
            step_request(self.telemetry, &metrics::HTTP_SERVER_ACTIVE, metric, attributes, step);
        }
    }

    /// How many bytes of the request were read.
    fn received(&self) -> u64 {
        self.request_bytes.as_ref().map_or(0, |bytes| bytes.load(Ordering::Relaxed))
    }

    fn log(&mut self, nanos: u64, is_error: bool) {
        let Some(Access { name, attributes }) = self.access.take() else { return };
        let Some(local) = instrument::current().filter(|local| local.id() == self.telemetry) else { return };
        let Some(logging) = &local.signals().logging else { return };
        let status: Cow<'_, str> = match (self.protocol, self.response.status, self.response.grpc) {
            (Protocol::Http, Some(status), _) => status.as_str().to_owned().into(),
            (Protocol::Grpc, _, Some(status)) => status.name().into(),
            _ => "without response".into(),
        };
        let (duration, sizes) = match self.protocol {
            Protocol::Http => (
                &metrics::HTTP_SERVER_DURATION,
                Some([
                    KeyValue::new("http.request.body.size", whole(self.received())),
                    KeyValue::new("http.response.body.size", whole(self.response.bytes)),
                ]),
            ),
            // The convention knows no sizes of calls.
            Protocol::Grpc => (&metrics::RPC_SERVER_DURATION, None),
        };
        let seconds = std::time::Duration::from_nanos(nanos).as_secs_f64();
        let duration = duration.histogram.map(|histogram| KeyValue::new(histogram.metric.name, seconds));
        let rest = sizes.into_iter().flatten().chain(duration);
        let level = if is_error { Level::Error } else { Level::Info };
        let context = Some(self.span.context());
        record::emit_under(
            context,
            logging,
            level,
            format!("{name} {status}"),
            attributes.into_iter().chain(rest),
        );
    }
}

fn status_code(status: StatusCode) -> KeyValue {
    KeyValue::new("http.response.status_code", i64::from(status.as_u16()))
}

fn whole(bytes: u64) -> Value {
    i64::try_from(bytes).unwrap_or(i64::MAX).into()
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
