//! The metrics of requests, under the names of the semantic conventions.

use crate::instrument::{CallSite, HistogramSite, Instruments, Metric};

macro_rules! histograms {
    ($($name:ident: $metric:literal, $unit:literal, $buckets:expr, $description:literal;)*) => {$(
        pub(super) static $name: CallSite = CallSite {
            // A request is of no function.
            function: "",
            file: file!(),
            line: line!(),
            span: None,
            counter: None,
            histogram: Some(&HistogramSite {
                metric: Metric { name: $metric, unit: $unit, description: $description },
                buckets: $buckets,
                ..HistogramSite::DURATION
            }),
        };
    )*};
}

/// From an answer without a body to a large download. The convention says none.
const SIZES: &[f64] = &[
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
];

histograms! {
    HTTP_SERVER_DURATION: "http.server.request.duration", "s", None, "Duration of HTTP server requests.";
    HTTP_SERVER_REQUEST_SIZE:
        "http.server.request.body.size", "By", Some(SIZES), "Size of HTTP server request bodies.";
    HTTP_SERVER_RESPONSE_SIZE:
        "http.server.response.body.size", "By", Some(SIZES), "Size of HTTP server response bodies.";
    HTTP_CLIENT_DURATION: "http.client.request.duration", "s", None, "Duration of HTTP client requests.";
    RPC_SERVER_DURATION: "rpc.server.call.duration", "s", None, "Duration of inbound remote procedure calls.";
    RPC_CLIENT_DURATION: "rpc.client.call.duration", "s", None, "Duration of outbound remote procedure calls.";
}

/// Makes the instruments of requests, so that no first request waits for a collection.
pub(crate) fn announce(instruments: &Instruments) {
    for site in [
        &HTTP_SERVER_DURATION,
        &HTTP_SERVER_REQUEST_SIZE,
        &HTTP_SERVER_RESPONSE_SIZE,
        &HTTP_CLIENT_DURATION,
        &RPC_SERVER_DURATION,
        &RPC_CLIENT_DURATION,
    ] {
        instruments.announce(site);
    }
    instruments.announce_active(HTTP_SERVER_ACTIVE_REQUESTS);
}

/// Tells the series of the counter below apart from others.
pub(super) static HTTP_SERVER_ACTIVE: CallSite =
    CallSite { function: "", file: file!(), line: line!(), span: None, counter: None, histogram: None };

/// The requests that are under way, those of gRPC among them.
pub(super) const HTTP_SERVER_ACTIVE_REQUESTS: Metric = Metric {
    name: "http.server.active_requests",
    unit: "{request}",
    description: "Number of active HTTP server requests.",
};
