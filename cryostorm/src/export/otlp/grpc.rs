//! OTLP over gRPC.

use std::array;
use std::convert::Infallible;
use std::error::Error as _;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::StatusCode;
use http::uri::PathAndQuery;
use http_body::Frame;
use prost::Message as _;
use tonic::body::Body;
use tonic::client::{Grpc, GrpcService};
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::metadata::MetadataMap;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Status};

use super::answer::Answer;
use super::reason::{Secrets, chain};
use super::retry::{Failure, Retry};
use super::retry_info::retry_delay;
use super::spans::Client;
use super::{Otlp, OtlpError, USER_AGENT};

const EXPORT: &str = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

/// A client of one server. Connects when it first sends.
pub(super) struct GrpcClient {
    channel: Channel,
    headers: MetadataMap,
    secrets: Secrets,
}

impl GrpcClient {
    pub(super) fn new(otlp: &Otlp) -> Result<Self, OtlpError> {
        let endpoint = Endpoint::from_shared(otlp.url.clone())?.user_agent(USER_AGENT)?.timeout(otlp.timeout);
        #[cfg(feature = "tls")]
        let endpoint = match otlp.is_https() {
            true => endpoint.tls_config(super::tls())?,
            false => endpoint,
        };
        Ok(Self {
            channel: endpoint.connect_lazy(),
            headers: MetadataMap::from_headers(otlp.header_map()?),
            secrets: otlp.secrets(),
        })
    }

    fn failure(&self, status: &Status) -> Failure {
        let what = format!("gRPC status {:?}", status.code());
        let reason = match status.source() {
            // It comes from here, and the message only repeats it.
            Some(cause) => format!("{what}: {}", chain(cause)),
            None => self.secrets.with_message(what, status.message()),
        };
        Failure { reason, retry: retry(status) }
    }
}

impl Client for GrpcClient {
    async fn send(&self, spans: Bytes) -> Result<Answer, Failure> {
        let mut grpc = Grpc::new(Prepared { channel: self.channel.clone(), body: Framed::new(spans)? });
        grpc.ready().await.map_err(|error| Failure { reason: chain(&error), retry: Retry::Soon })?;
        let request = Request::from_parts(self.headers.clone(), Default::default(), ());
        match grpc.unary(request, PathAndQuery::from_static(EXPORT), Messages).await {
            Ok(answer) => Ok(answer.into_inner()),
            Err(status) => Err(self.failure(&status)),
        }
    }

    fn secrets(&self) -> &Secrets {
        &self.secrets
    }
}

/// As the OTLP specification says. What has a cause comes from here: it is no answer, but a connection that broke.
fn retry(status: &Status) -> Retry {
    if status.source().is_some() {
        return Retry::Soon;
    }
    let asked_for = || retry_delay(status.details());
    match status.code() {
        Code::Unavailable
        | Code::Cancelled
        | Code::DeadlineExceeded
        | Code::Aborted
        | Code::OutOfRange
        | Code::DataLoss => asked_for().map_or(Retry::Soon, Retry::After),
        // Without a word on when it is over, it is a quota.
        Code::ResourceExhausted => asked_for().map_or(Retry::Never, Retry::After),
        _ => Retry::Never,
    }
}

/// A channel for a message that is encoded already, which it sends in place of what tonic makes: a copy.
struct Prepared {
    channel: Channel,
    body: Framed,
}

impl GrpcService<Body> for Prepared {
    type ResponseBody = Body;
    type Error = tonic::transport::Error;
    type Future = Pin<Box<dyn Future<Output = Result<http::Response<Body>, Self::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        GrpcService::poll_ready(&mut self.channel, cx)
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let answer = GrpcService::call(&mut self.channel, request.map(|_| Body::new(self.body.clone())));
        Box::pin(async {
            let answer = answer.await?;
            // A proxy's page is no message: without it, its status is what counts.
            Ok(if answer.status() == StatusCode::OK { answer } else { answer.map(|_| Body::empty()) })
        })
    }
}

/// A message as gRPC has it in a body: after a byte that says it is not compressed, and its length.
#[derive(Clone)]
struct Framed(array::IntoIter<Bytes, 2>);

impl Framed {
    fn new(message: Bytes) -> Result<Self, Failure> {
        let Ok(length) = u32::try_from(message.len()) else {
            let reason = "the request is longer than gRPC can carry".to_owned();
            return Err(Failure { reason, retry: Retry::Never });
        };
        let mut head = vec![0];
        head.extend(length.to_be_bytes());
        Ok(Self([head.into(), message].into_iter()))
    }
}

impl http_body::Body for Framed {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.next().map(|data| Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.len() == 0
    }
}

/// What is sent and answered: what is sent comes by [`Prepared`].
#[derive(Clone, Copy)]
struct Messages;

impl Codec for Messages {
    type Encode = ();
    type Decode = Answer;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        *self
    }

    fn decoder(&mut self) -> Self {
        *self
    }
}

impl Encoder for Messages {
    type Item = ();
    type Error = Status;

    fn encode(&mut self, (): (), _out: &mut EncodeBuf<'_>) -> Result<(), Status> {
        Ok(())
    }
}

impl Decoder for Messages {
    type Item = Answer;
    type Error = Status;

    fn decode(&mut self, answer: &mut DecodeBuf<'_>) -> Result<Option<Answer>, Status> {
        Answer::decode(answer).map(Some).map_err(|_| Status::internal("the answer is none of OTLP"))
    }
}
