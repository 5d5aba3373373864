//! OTLP exporters, over gRPC and over HTTP with protobuf bodies.

use std::time::Duration;

use opentelemetry_otlp::{ExporterBuildError, WithExportConfig};
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::trace::SpanData;

use super::exporter::{Exporter, LogEntry};
use crate::settings::OtlpTransport;

/// Where OTLP goes and how.
#[derive(Clone)]
pub(crate) struct Otlp {
    /// The base URL, without a signal's path.
    pub(crate) url: String,
    pub(crate) transport: OtlpTransport,
    pub(crate) timeout: Duration,
    pub(crate) headers: Vec<(String, String)>,
}

/// What can go wrong while an OTLP exporter is made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OtlpError {
    #[error(transparent)]
    Build(#[from] ExporterBuildError),
    #[cfg(feature = "otlp-http")]
    #[error("the HTTP client could not be made: {0}")]
    Client(#[from] reqwest::Error),
    #[cfg(feature = "otlp-grpc")]
    #[error("the header {0:?} is not one: a name is a token of ASCII, a value visible ASCII")]
    Header(String),
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
    ($otlp:expr, $exporter:ident, $path:literal) => {{
        let otlp: &Otlp = $otlp;
        otlp.check_tls()?;
        match otlp.transport {
            #[cfg(feature = "otlp-grpc")]
            OtlpTransport::Grpc => {
                use opentelemetry_otlp::WithTonicConfig;
                let builder = opentelemetry_otlp::$exporter::builder()
                    .with_tonic()
                    .with_endpoint(otlp.url.as_str())
                    .with_timeout(otlp.timeout)
                    .with_metadata(otlp.metadata()?);
                // A plain configuration would trust no certificate at all.
                #[cfg(feature = "tls")]
                let builder = builder.with_tls_config(
                    opentelemetry_otlp::tonic_types::transport::ClientTlsConfig::new().with_enabled_roots(),
                );
                builder.build()?
            }
            #[cfg(feature = "otlp-http")]
            OtlpTransport::HttpProtobuf => {
                use opentelemetry_otlp::WithHttpConfig;
                opentelemetry_otlp::$exporter::builder()
                    .with_http()
                    // Over HTTP the endpoint is taken as it is, so the signal's path belongs to it.
                    .with_endpoint(format!(concat!("{}/v1/", $path), otlp.url))
                    // Said outright: another crate's feature may make JSON the default.
                    .with_protocol(opentelemetry_otlp::Protocol::HttpBinary)
                    .with_timeout(otlp.timeout)
                    .with_http_client(otlp.client()?)
                    .with_headers(otlp.headers.iter().cloned().collect())
                    .build()?
            }
            #[cfg(not(feature = "otlp-grpc"))]
            OtlpTransport::Grpc => return Err(OtlpError::Feature(otlp.transport, "otlp-grpc")),
            #[cfg(not(feature = "otlp-http"))]
            OtlpTransport::HttpProtobuf => return Err(OtlpError::Feature(otlp.transport, "otlp-http")),
        }
    }};
}

// Each is called inside the export runtime, which the clients need to be made.
impl Otlp {
    pub(crate) fn spans(&self) -> Result<Exporter<SpanData>, OtlpError> {
        Ok(Exporter::spans(exporter!(self, SpanExporter, "traces"), self.url.as_str()))
    }

    pub(crate) fn metrics(&self) -> Result<Exporter<ResourceMetrics>, OtlpError> {
        Ok(Exporter::metrics(exporter!(self, MetricExporter, "metrics"), self.url.as_str()))
    }

    pub(crate) fn logs(&self) -> Result<Exporter<LogEntry>, OtlpError> {
        Ok(Exporter::logs(exporter!(self, LogExporter, "logs"), self.url.as_str()))
    }

    fn check_tls(&self) -> Result<(), OtlpError> {
        #[cfg(not(feature = "tls"))]
        if self.url.starts_with("https:") {
            return Err(OtlpError::Tls);
        }
        Ok(())
    }

    #[cfg(feature = "otlp-grpc")]
    fn metadata(&self) -> Result<opentelemetry_otlp::tonic_types::metadata::MetadataMap, OtlpError> {
        let mut headers = http::HeaderMap::new();
        for (name, value) in &self.headers {
            let name_and_value = (http::HeaderName::try_from(name), http::HeaderValue::try_from(value));
            let (Ok(key), Ok(mut value)) = name_and_value else {
                return Err(OtlpError::Header(name.clone()));
            };
            // Kept out of the transport's own debug output.
            value.set_sensitive(true);
            headers.append(key, value);
        }
        Ok(opentelemetry_otlp::tonic_types::metadata::MetadataMap::from_headers(headers))
    }

    #[cfg(feature = "otlp-http")]
    fn client(&self) -> Result<reqwest::Client, reqwest::Error> {
        reqwest::Client::builder()
            .timeout(self.timeout)
            // A redirect would carry telemetry, and the headers with their keys, to another host.
            .redirect(reqwest::redirect::Policy::none())
            .build()
    }
}
