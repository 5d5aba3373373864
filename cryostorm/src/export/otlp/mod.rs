//! OTLP exporters, over gRPC and over HTTP with protobuf bodies.
//!
//! Metrics and logs are sent by `opentelemetry-otlp`; spans, of which there are most, by an exporter of our own.

#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
mod answer;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
mod attributes;
#[cfg(feature = "otlp-grpc")]
mod grpc;
#[cfg(feature = "otlp-http")]
mod http;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
mod reason;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
mod request;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
mod retry;
#[cfg(feature = "otlp-grpc")]
mod retry_info;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
mod sites;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
mod span;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
mod spans;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
mod wire;

use std::time::Duration;

#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
use opentelemetry_otlp::{ExporterBuildError, WithExportConfig};
use opentelemetry_sdk::metrics::data::ResourceMetrics;

use super::exporter::{Exporter, LogEntry};
use crate::settings::OtlpTransport;
use crate::trace::SpanItem;

/// What exporters call themselves.
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
const USER_AGENT: &str = concat!("cryostorm-OTLP-Exporter-Rust/", env!("CARGO_PKG_VERSION"));

/// Where OTLP goes and how.
#[cfg_attr(
    not(any(feature = "otlp-grpc", feature = "otlp-http")),
    expect(dead_code, reason = "without a transport there is only the error that says so")
)]
pub(super) struct Otlp {
    /// The base URL, without a signal's path.
    pub(super) url: String,
    pub(super) transport: OtlpTransport,
    pub(super) timeout: Duration,
    pub(super) headers: Vec<(String, String)>,
}

/// What can go wrong while an OTLP exporter is made.
#[derive(Debug, thiserror::Error)]
pub(super) enum OtlpError {
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    #[error(transparent)]
    Build(#[from] ExporterBuildError),
    #[cfg(feature = "otlp-http")]
    #[error("the HTTP client could not be made: {}", reason::chain(.0))]
    Client(#[from] reqwest::Error),
    #[cfg(feature = "otlp-grpc")]
    #[error("the gRPC client could not be made: {}", reason::chain(.0))]
    Channel(#[from] tonic::transport::Error),
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    #[error("header {0} is not one: a name is a token of ASCII, a value visible ASCII")]
    Header(usize),
    #[cfg(not(all(feature = "otlp-grpc", feature = "otlp-http")))]
    #[error("the transport {0} needs the cargo feature `{1}` of cryostorm")]
    Feature(OtlpTransport, &'static str),
    #[cfg(not(feature = "tls"))]
    #[error("an https endpoint needs the cargo feature `tls` of cryostorm")]
    Tls,
}

/// Builds one signal's exporter. The builders of the three signals and two transports are six types with the same
/// methods, so this is written once as a macro.
macro_rules! exporter {
    ($otlp:expr, $exporter:ident, $path:literal, $erase:expr) => {{
        let otlp: &Otlp = $otlp;
        otlp.check()?;
        match otlp.transport {
            #[cfg(feature = "otlp-grpc")]
            OtlpTransport::Grpc => {
                use opentelemetry_otlp::WithTonicConfig;
                let builder = opentelemetry_otlp::$exporter::builder()
                    .with_tonic()
                    .with_endpoint(otlp.url.as_str())
                    .with_timeout(otlp.timeout)
                    .with_metadata(tonic::metadata::MetadataMap::from_headers(otlp.header_map()?));
                #[cfg(feature = "tls")]
                let builder = match otlp.is_https() {
                    true => builder.with_tls_config(tls()),
                    false => builder,
                };
                Ok($erase(builder.build()?, otlp.url.as_str()))
            }
            #[cfg(feature = "otlp-http")]
            OtlpTransport::HttpProtobuf => {
                use opentelemetry_otlp::WithHttpConfig;
                let exporter = opentelemetry_otlp::$exporter::builder()
                    .with_http()
                    // Over HTTP the endpoint is taken as it is, so the signal's path belongs to it.
                    .with_endpoint(format!(concat!("{}/v1/", $path), otlp.url))
                    // Said outright: another crate's feature may make JSON the default.
                    .with_protocol(opentelemetry_otlp::Protocol::HttpBinary)
                    .with_timeout(otlp.timeout)
                    .with_http_client(otlp.client()?)
                    .build()?;
                Ok($erase(exporter, otlp.url.as_str()))
            }
            #[cfg(not(feature = "otlp-grpc"))]
            OtlpTransport::Grpc => Err(OtlpError::Feature(otlp.transport, "otlp-grpc")),
            #[cfg(not(feature = "otlp-http"))]
            OtlpTransport::HttpProtobuf => Err(OtlpError::Feature(otlp.transport, "otlp-http")),
        }
    }};
}

// Each is called inside the export runtime, which the clients need to be made.
impl Otlp {
    pub(super) fn spans(&self) -> Result<Exporter<SpanItem>, OtlpError> {
        self.check()?;
        match self.transport {
            #[cfg(feature = "otlp-grpc")]
            OtlpTransport::Grpc => Ok(self.sender(grpc::GrpcClient::new(self)?)),
            #[cfg(feature = "otlp-http")]
            OtlpTransport::HttpProtobuf => Ok(self.sender(http::HttpClient::new(self)?)),
            #[cfg(not(feature = "otlp-grpc"))]
            OtlpTransport::Grpc => Err(OtlpError::Feature(self.transport, "otlp-grpc")),
            #[cfg(not(feature = "otlp-http"))]
            OtlpTransport::HttpProtobuf => Err(OtlpError::Feature(self.transport, "otlp-http")),
        }
    }

    pub(super) fn metrics(&self) -> Result<Exporter<ResourceMetrics>, OtlpError> {
        exporter!(self, MetricExporter, "metrics", Exporter::<ResourceMetrics>::metrics)
    }

    pub(super) fn logs(&self) -> Result<Exporter<LogEntry>, OtlpError> {
        exporter!(self, LogExporter, "logs", Exporter::<LogEntry>::logs)
    }

    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    fn sender(&self, client: impl spans::Client) -> Exporter<SpanItem> {
        Exporter::new(spans::OtlpSpans::new(client, self.timeout), self.url.as_str())
    }

    /// Whether what is asked for is there.
    fn check(&self) -> Result<(), OtlpError> {
        #[cfg(not(feature = "tls"))]
        if self.is_https() {
            return Err(OtlpError::Tls);
        }
        Ok(())
    }

    #[cfg(any(not(feature = "tls"), feature = "otlp-grpc"))]
    fn is_https(&self) -> bool {
        self.url.starts_with("https:")
    }

    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    fn secrets(&self) -> reason::Secrets {
        reason::Secrets::new(&self.headers)
    }

    /// The headers, checked: one that is no header would otherwise be left out without a word.
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    fn header_map(&self) -> Result<::http::HeaderMap, OtlpError> {
        let mut headers = ::http::HeaderMap::new();
        for (index, (name, value)) in self.headers.iter().enumerate() {
            let header = (::http::HeaderName::try_from(name), ::http::HeaderValue::try_from(value));
            let (Ok(key), Ok(mut value)) = header else {
                // Neither name nor value: both may be parts of a secret.
                return Err(OtlpError::Header(index + 1));
            };
            // Kept out of the transport's own debug output.
            value.set_sensitive(true);
            headers.append(key, value);
        }
        Ok(headers)
    }

    #[cfg(feature = "otlp-http")]
    fn client(&self) -> Result<reqwest::Client, OtlpError> {
        let client = reqwest::Client::builder()
            .timeout(self.timeout)
            .user_agent(USER_AGENT)
            .default_headers(self.header_map()?)
            // A redirect would carry telemetry, and the headers with their keys, to another host.
            .redirect(reqwest::redirect::Policy::none());
        Ok(client.build()?)
    }
}

/// The roots that the operating system trusts: a plain configuration would trust no certificate at all.
#[cfg(all(feature = "otlp-grpc", feature = "tls"))]
fn tls() -> tonic::transport::ClientTlsConfig {
    tonic::transport::ClientTlsConfig::new().with_enabled_roots()
}
