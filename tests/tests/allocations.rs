//! How often annotated calls ask for memory once they are under way.

#[path = "../../benches/overhead/allocations.rs"]
mod allocations;

use std::convert::Infallible;
use std::hint::black_box;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use allocations::Allocations;
use axum::body::Bytes;
use cryostorm::middleware::ServerLayer;
use cryostorm::opentelemetry_sdk::trace::Sampler;
use cryostorm::settings::SamplingStrategy;
use cryostorm::telemetry_exporter::{
    MemoryExporter, MetricName, NonBlockingExporter, TelemetryExporter as _,
};
use cryostorm::{Telemetry, TelemetryBuilder, counted, timed, traced};
use cryostorm_tests::installation::{alone, quiet};
use cryostorm_tests::trace::poll_once;
use http::{Request, Response};
use http_body_util::{Empty, Full};
use tower::{Layer, Service, service_fn};

const CALLS: u64 = 500;

#[traced]
fn spanned() {}

#[counted(attributes(channel = "web", new = new, shop = shop))]
fn counted_calls(new: bool, shop: &'static str) {}

#[timed(attributes(channel = "web", new = new, shop = shop))]
fn timed_calls(new: bool, shop: &'static str) {}

#[traced]
#[counted]
#[timed]
fn everything() {}

#[cryostorm::metrics(prefix = "allocations")]
mod declared {
    pub fn bounded(new: bool, #[attribute(range = 0..=9)] shard: u8) -> Counter<u64>;

    pub fn texts(#[attribute(unbounded(limit = 3))] tenant: &str, shop: &'static str) -> Histogram<f64>;
}

/// How many allocations the calling thread makes in [`CALLS`] calls, when it has made as many before.
fn of(call: impl Fn()) -> u64 {
    (0..CALLS).for_each(|_| call());
    // So that no queue is full, and what is needed again has come back.
    Telemetry::global().force_flush(Duration::from_secs(30)).unwrap();
    (0..CALLS).for_each(|_| call());
    Telemetry::global().force_flush(Duration::from_secs(30)).unwrap();
    let before = Allocations::of_this_thread();
    (0..CALLS).for_each(|_| call());
    Allocations::of_this_thread().since(before).count
}

fn installed(change: impl FnOnce(TelemetryBuilder) -> TelemetryBuilder, work: impl FnOnce()) {
    let _alone = alone();
    let guard = change(Telemetry::builder(quiet())).install().unwrap();
    work();
    guard.shutdown().unwrap();
}

#[test]
fn a_sampled_span_takes_two() {
    installed(
        |builder| builder,
        || {
            // The queue's own chunks, now and then, are not two for each.
            let most = 2 * CALLS + CALLS / 10;
            assert!(of(spanned) <= most);
            assert!(of(everything) <= most);
            Telemetry::global().span("around").in_scope(|_| assert!(of(spanned) <= most));
        },
    );
}

#[test]
fn what_is_counted_and_timed_takes_none() {
    installed(
        |builder| builder,
        || {
            assert_eq!(of(|| counted_calls(black_box(true), black_box("north"))), 0);
            assert_eq!(of(|| timed_calls(black_box(true), black_box("north"))), 0);
        },
    );
}

#[test]
fn declared_metrics_take_none() {
    installed(
        |builder| builder,
        || {
            assert_eq!(of(|| declared::bounded(black_box(true), black_box(12)).add(1)), 0, "out of range");
            assert_eq!(of(|| declared::bounded(black_box(true), black_box(2)).add(1)), 0);
            // The first three stay, the others overflow.
            for tenant in ["a", "b", "c", "d", "e"] {
                assert_eq!(of(|| declared::texts(black_box(tenant), "north").record(1.0)), 0);
            }
        },
    );
}

#[test]
fn what_nobody_observes_takes_none() {
    {
        let _alone = alone();
        assert_eq!(of(everything), 0, "not initialised");
    }
    let off = |_: TelemetryBuilder| {
        let mut settings = quiet();
        settings.tracing.enabled = false;
        settings.metrics.enabled = false;
        settings.logging.enabled = false;
        Telemetry::builder(settings)
    };
    installed(off, || assert_eq!(of(everything), 0));
}

#[test]
fn a_child_of_what_is_not_sampled_takes_none() {
    let unsampled = |_: TelemetryBuilder| {
        let mut settings = quiet();
        settings.tracing.sampling_strategy = SamplingStrategy::AlwaysOff;
        Telemetry::builder(settings)
    };
    installed(unsampled, || {
        Telemetry::global().span("around").in_scope(|_| assert_eq!(of(spanned), 0));
        Telemetry::global().span("around").in_scope(|_| assert_eq!(of(everything), 0));
    });
    // A user's own sampler is asked about each.
    installed(|builder| builder.with_sampler(Sampler::AlwaysOff), || assert!(of(spanned) > 0));
}

/// Sends a request to a service and drops its answer.
fn asked<B>(service: impl Service<Request<Full<Bytes>>, Response = Response<B>, Error = Infallible> + Clone) {
    let request = Request::get("/orders/7").header("host", "shop").header("user-agent", "test/1");
    let request = request.body(Full::default()).unwrap();
    let Poll::Ready(answered) = poll_once(pin!(service.clone().call(request))) else { unreachable!() };
    drop(answered.unwrap());
}

async fn answer<B>(_: Request<B>) -> Result<Response<Empty<Bytes>>, Infallible> {
    Ok(Response::new(Empty::new()))
}

/// How many allocations the layer makes for each request, beside those of the service.
fn of_layer() -> u64 {
    let observed = ServerLayer::new().route(|_| Some("/orders/{id}")).layer(service_fn(answer));
    let bare = of(|| asked(service_fn(answer)));
    let (all, most) = (of(|| asked(observed.clone())), CALLS / 10);
    // The queue's own chunks, now and then, are not one for each.
    (all - bare + CALLS - most) / CALLS
}

#[test]
fn a_request_takes_few() {
    // The exchange, the series, the route, the span with its context and attributes, its name and four texts.
    installed(|builder| builder, || assert_eq!(of_layer(), 11));
    let unsampled = |_: TelemetryBuilder| {
        let mut settings = quiet();
        settings.tracing.sampling_strategy = SamplingStrategy::AlwaysOff;
        Telemetry::builder(settings)
    };
    // The exchange, the series, the route and the context.
    installed(unsampled, || assert_eq!(of_layer(), 4));
    let _alone = alone();
    assert_eq!(of_layer(), 0, "not installed");
}

#[test]
fn a_call_of_an_exporter_behind_a_queue_takes_none() {
    let exporter = NonBlockingExporter::new(MemoryExporter::default()).unwrap();
    let (literal, made) =
        (MetricName::from_static("calls"), MetricName::new("made.calls".to_owned()).unwrap());
    let before = Allocations::of_this_thread();
    for _ in 0..CALLS {
        exporter.increment(&literal, 1);
        exporter.observe(&made, 0.5);
    }
    assert_eq!(Allocations::of_this_thread().since(before).count, 0);
    exporter.shutdown(Duration::from_secs(30)).unwrap();
    assert_eq!(exporter.stats().delivered, 2 * CALLS);
}
