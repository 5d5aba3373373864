//! OTLP over gRPC.

use bytes::{BufMut as _, Bytes};
use http::uri::PathAndQuery;
use prost::Message as _;
use tonic::client::Grpc;
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
    grpc: Grpc<Channel>,
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
            grpc: Grpc::new(endpoint.connect_lazy()),
            headers: MetadataMap::from_headers(otlp.header_map()?),
            secrets: otlp.secrets(),
        })
    }

    fn failure(&self, status: &Status) -> Failure {
        let what = format!("gRPC status {:?}", status.code());
        let reason = match std::error::Error::source(status) {
            // It comes from here, and the message only repeats it.
            Some(cause) => format!("{what}: {}", chain(cause)),
            None => self.secrets.with_message(what, status.message()),
        };
        Failure { reason, retry: retry(status) }
    }
}

impl Client for GrpcClient {
    async fn send(&self, spans: Bytes) -> Result<Answer, Failure> {
        let mut grpc = self.grpc.clone();
        grpc.ready().await.map_err(|error| Failure { reason: chain(&error), retry: Retry::Soon })?;
        let request = Request::from_parts(self.headers.clone(), Default::default(), spans);
        match grpc.unary(request, PathAndQuery::from_static(EXPORT), Encoded).await {
            Ok(answer) => Ok(answer.into_inner()),
            Err(status) => Err(self.failure(&status)),
        }
    }

    fn secrets(&self) -> &Secrets {
        &self.secrets
    }
}

/// As the OTLP specification says.
fn retry(status: &Status) -> Retry {
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

/// Sends what is encoded already.
#[derive(Clone, Copy)]
struct Encoded;

impl Codec for Encoded {
    type Encode = Bytes;
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

impl Encoder for Encoded {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, item: Bytes, out: &mut EncodeBuf<'_>) -> Result<(), Status> {
        out.put_slice(&item);
        Ok(())
    }
}

impl Decoder for Encoded {
    type Item = Answer;
    type Error = Status;

    fn decode(&mut self, answer: &mut DecodeBuf<'_>) -> Result<Option<Answer>, Status> {
        Answer::decode(answer).map(Some).map_err(|_| Status::internal("the answer is none of OTLP"))
    }
}
