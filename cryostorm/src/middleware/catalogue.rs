//! What the layers leave, as entries of the catalogue.

use opentelemetry::Value;
use opentelemetry::trace::SpanKind;

use crate::catalogue::{
    AttributeEntry, AttributeValues, Catalogue, InstrumentKind, MetricEntry, Source, SpanEntry,
};
use crate::instrument::bounds;

use super::client::ClientLayer;
use super::metrics::{self, RequestMetric};
use super::request::VERSIONS;
use super::server::ServerLayer;
use super::{grpc, key, method};

/// The name of a span, and the keys of its attributes.
type SpanKeys = (&'static str, &'static [&'static str]);

/// The spans of servers: what their names are made of, and which attributes they may have.
const SERVER_SPANS: [SpanKeys; 2] = [
    (
        "{http.request.method} {http.route}",
        &[
            key::HTTP_REQUEST_METHOD,
            key::HTTP_REQUEST_METHOD_ORIGINAL,
            key::URL_SCHEME,
            key::URL_PATH,
            key::URL_QUERY,
            key::HTTP_ROUTE,
            key::CLIENT_ADDRESS,
            key::NETWORK_PROTOCOL_VERSION,
            key::USER_AGENT_ORIGINAL,
            key::SERVER_ADDRESS,
            key::SERVER_PORT,
            key::HTTP_RESPONSE_STATUS_CODE,
            key::ERROR_TYPE,
        ],
    ),
    (
        "{rpc.method}",
        &[
            key::RPC_SYSTEM_NAME,
            key::RPC_METHOD,
            key::RPC_METHOD_ORIGINAL,
            key::SERVER_ADDRESS,
            key::SERVER_PORT,
            key::RPC_RESPONSE_STATUS_CODE,
            key::ERROR_TYPE,
        ],
    ),
];

/// Those of clients.
const CLIENT_SPANS: [SpanKeys; 2] = [
    (
        "{http.request.method}",
        &[
            key::HTTP_REQUEST_METHOD,
            key::HTTP_REQUEST_METHOD_ORIGINAL,
            key::URL_FULL,
            key::SERVER_ADDRESS,
            key::SERVER_PORT,
            key::HTTP_REQUEST_RESEND_COUNT,
            key::HTTP_RESPONSE_STATUS_CODE,
            key::NETWORK_PROTOCOL_VERSION,
            key::ERROR_TYPE,
        ],
    ),
    (
        "{rpc.method}",
        &[
            key::RPC_SYSTEM_NAME,
            key::RPC_METHOD,
            key::SERVER_ADDRESS,
            key::SERVER_PORT,
            key::RPC_RESPONSE_STATUS_CODE,
            key::ERROR_TYPE,
        ],
    ),
];

impl ServerLayer {
    /// What the layer leaves of the requests that a program serves, to be added to its
    /// [catalogue](crate::catalogue()), which cannot know whether it serves any. Headers that are captured are not in it.
    ///
    /// ```
    /// use cryostorm::middleware::ServerLayer;
    ///
    /// let catalogue = cryostorm::catalogue().with(ServerLayer::catalogue());
    /// assert!(catalogue.to_grafana_dashboard("Shop").contains("http_server_request_duration_seconds_bucket"));
    /// ```
    #[must_use]
    pub fn catalogue() -> Catalogue {
        entries("cryostorm::middleware::ServerLayer", &SpanKind::Server, &SERVER_SPANS, &metrics::SERVER)
    }
}

impl ClientLayer {
    /// The same of the requests that a program sends: see [`ServerLayer::catalogue`].
    #[must_use]
    pub fn catalogue() -> Catalogue {
        entries("cryostorm::middleware::ClientLayer", &SpanKind::Client, &CLIENT_SPANS, &metrics::CLIENT)
    }
}

fn entries(layer: &str, kind: &SpanKind, spans: &[SpanKeys], metrics: &[&RequestMetric]) -> Catalogue {
    let spans = spans.iter().map(|(name, keys)| {
        let attributes = keys.iter().map(|key| attribute(key));
        SpanEntry::new(*name, kind.clone(), Source::new(layer, file!(), line!())).with_attributes(attributes)
    });
    Catalogue::new(spans, metrics.iter().map(|metric| entry(layer, metric)))
}

fn entry(layer: &str, RequestMetric { metric, site, attributes }: &RequestMetric) -> MetricEntry {
    let kind = match site.histogram {
        Some(_) => InstrumentKind::Histogram,
        None => InstrumentKind::UpDownCounter,
    };
    let entry = MetricEntry::new(metric.name, kind, Source::new(layer, site.file, site.line))
        .with_unit(metric.unit)
        .with_description(metric.description)
        .with_attributes(attributes.iter().map(|key| attribute(key)));
    match site.histogram {
        Some(histogram) => entry.with_buckets(bounds(histogram)),
        None => entry,
    }
}

fn attribute(key: &str) -> AttributeEntry {
    let known = |texts: &[&'static str]| {
        AttributeValues::Known(texts.iter().map(|text| Value::from(*text)).collect())
    };
    let values = match key {
        key::HTTP_REQUEST_METHOD => known(&method::NAMES),
        key::HTTP_RESPONSE_STATUS_CODE => AttributeValues::Range { first: 100, last: 999 },
        key::NETWORK_PROTOCOL_VERSION => known(&VERSIONS.map(|(_, name)| name)),
        key::RPC_RESPONSE_STATUS_CODE => known(&grpc::NAMES),
        key::RPC_SYSTEM_NAME => known(&["grpc"]),
        key::URL_SCHEME => known(&["http", "https"]),
        key::SERVER_PORT => AttributeValues::Range { first: 1, last: 65_535 },
        // As many as there are servers that a client asks.
        key::HTTP_ROUTE | key::RPC_METHOD | key::ERROR_TYPE | key::SERVER_ADDRESS => AttributeValues::Text,
        // Whatever a request says.
        _ => AttributeValues::Unbounded { limit: None },
    };
    AttributeEntry::new(key, values)
}
