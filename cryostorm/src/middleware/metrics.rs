//! The metrics of requests, under the names of the semantic conventions.

use opentelemetry::KeyValue;

use crate::instrument::{CallSite, HistogramSite, Instruments, Metric, measure_request, step_request};

use super::key;

/// A metric of requests.
#[derive(Debug)]
pub(super) struct RequestMetric {
    pub(super) metric: Metric,
    /// Tells its series apart from those of others, and has the histogram where it is one.
    pub(super) site: CallSite,
    /// The keys of its attributes.
    pub(super) attributes: &'static [&'static str],
}

impl RequestMetric {
    /// Measures a request on that Telemetry: nanoseconds where it is of durations, else whole units.
    pub(super) fn record(&'static self, telemetry: u64, series: &[KeyValue], value: u64) {
        measure_request(telemetry, &self.site, series, value);
    }

    /// Counts a request as one more, or one less, that is under way.
    pub(super) fn step(&'static self, telemetry: u64, series: &[KeyValue], step: i64) {
        step_request(telemetry, &self.site, self.metric, series, step);
    }

    fn announce(&self, instruments: &Instruments) {
        match self.site.histogram {
            Some(_) => instruments.announce(&self.site),
            None => instruments.announce_active(self.metric),
        }
    }
}

/// Makes the instruments of requests, so that no first request waits for a collection.
pub(crate) fn announce(instruments: &Instruments) {
    SERVER.iter().chain(&CLIENT).for_each(|metric| metric.announce(instruments));
}

macro_rules! site {
    ($histogram:expr) => {
        // A request is of no function.
        CallSite::new("", file!(), line!(), None, None, $histogram)
    };
}

macro_rules! histograms {
    ($($name:ident: $metric:literal, $unit:literal, $buckets:expr, $attributes:expr, $description:literal;)*) => {$(
        pub(super) static $name: RequestMetric = {
            const METRIC: Metric = Metric { name: $metric, unit: $unit, description: $description };
            const SITE: HistogramSite =
                HistogramSite { metric: METRIC, buckets: $buckets, ..HistogramSite::DURATION };
            RequestMetric { metric: METRIC, site: site!(Some(&SITE)), attributes: $attributes }
        };
    )*};
}

macro_rules! under_way {
    ($($name:ident: $metric:literal, $attributes:expr, $description:literal;)*) => {$(
        pub(super) static $name: RequestMetric = RequestMetric {
            metric: Metric { name: $metric, unit: "{request}", description: $description },
            site: site!(None),
            attributes: $attributes,
        };
    )*};
}

/// From an answer without a body to a large download. The convention says none.
const SIZES: Option<&[f64]> = Some(&[
    0.0,
    256.0,
    1024.0,
    4096.0,
    16_384.0,
    65_536.0,
    262_144.0,
    1_048_576.0,
    4_194_304.0,
    16_777_216.0,
    67_108_864.0,
]);

const OF_HTTP_SERVERS: &[&str] = &[
    key::HTTP_REQUEST_METHOD,
    key::URL_SCHEME,
    key::HTTP_ROUTE,
    key::NETWORK_PROTOCOL_VERSION,
    key::HTTP_RESPONSE_STATUS_CODE,
    key::ERROR_TYPE,
];
const OF_HTTP_CLIENTS: &[&str] = &[
    key::HTTP_REQUEST_METHOD,
    key::SERVER_ADDRESS,
    key::SERVER_PORT,
    key::NETWORK_PROTOCOL_VERSION,
    key::HTTP_RESPONSE_STATUS_CODE,
    key::ERROR_TYPE,
];
const OF_RPC_SERVERS: &[&str] =
    &[key::RPC_SYSTEM_NAME, key::RPC_METHOD, key::RPC_RESPONSE_STATUS_CODE, key::ERROR_TYPE];
const OF_RPC_CLIENTS: &[&str] = &[
    key::RPC_SYSTEM_NAME,
    key::RPC_METHOD,
    key::SERVER_ADDRESS,
    key::SERVER_PORT,
    key::RPC_RESPONSE_STATUS_CODE,
    key::ERROR_TYPE,
];

histograms! {
    HTTP_SERVER_DURATION:
        "http.server.request.duration", "s", None, OF_HTTP_SERVERS, "Duration of HTTP server requests.";
    HTTP_SERVER_REQUEST_SIZE:
        "http.server.request.body.size", "By", SIZES, OF_HTTP_SERVERS, "Size of HTTP server request bodies.";
    HTTP_SERVER_RESPONSE_SIZE:
        "http.server.response.body.size", "By", SIZES, OF_HTTP_SERVERS, "Size of HTTP server response bodies.";
    HTTP_CLIENT_DURATION:
        "http.client.request.duration", "s", None, OF_HTTP_CLIENTS, "Duration of HTTP client requests.";
    HTTP_CLIENT_REQUEST_SIZE:
        "http.client.request.body.size", "By", SIZES, OF_HTTP_CLIENTS, "Size of HTTP client request bodies.";
    HTTP_CLIENT_RESPONSE_SIZE:
        "http.client.response.body.size", "By", SIZES, OF_HTTP_CLIENTS, "Size of HTTP client response bodies.";
    RPC_SERVER_DURATION:
        "rpc.server.call.duration", "s", None, OF_RPC_SERVERS, "Duration of inbound remote procedure calls.";
    RPC_CLIENT_DURATION:
        "rpc.client.call.duration", "s", None, OF_RPC_CLIENTS, "Duration of outbound remote procedure calls.";
}

// Calls of gRPC among them.
under_way! {
    HTTP_SERVER_ACTIVE_REQUESTS:
        "http.server.active_requests",
        &[key::HTTP_REQUEST_METHOD, key::URL_SCHEME],
        "Number of active HTTP server requests.";
    HTTP_CLIENT_ACTIVE_REQUESTS:
        "http.client.active_requests",
        &[key::HTTP_REQUEST_METHOD, key::SERVER_ADDRESS, key::SERVER_PORT],
        "Number of active HTTP requests.";
}

/// Those of servers.
pub(super) static SERVER: [&RequestMetric; 5] = [
    &HTTP_SERVER_DURATION,
    &HTTP_SERVER_REQUEST_SIZE,
    &HTTP_SERVER_RESPONSE_SIZE,
    &HTTP_SERVER_ACTIVE_REQUESTS,
    &RPC_SERVER_DURATION,
];

/// Those of clients.
pub(super) static CLIENT: [&RequestMetric; 5] = [
    &HTTP_CLIENT_DURATION,
    &HTTP_CLIENT_REQUEST_SIZE,
    &HTTP_CLIENT_RESPONSE_SIZE,
    &HTTP_CLIENT_ACTIVE_REQUESTS,
    &RPC_CLIENT_DURATION,
];
