//! `excluded_paths`: requests that leave nothing.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use cryostorm::metric::InstrumentError;
use cryostorm::opentelemetry::logs::AnyValue;
use cryostorm::{Level, Telemetry, counted, timed, traced};
use cryostorm_tests::trace::{telemetry, total_of_all};
use futures::StreamExt;
use http_body_util::BodyExt;

use super::observed::{layer, measured, request, send, spans_while};

#[traced]
#[counted(name = "excluded.checks")]
#[timed(name = "excluded.check_duration")]
async fn check() {
    tokio::task::yield_now().await;
    Telemetry::global().log(Level::Error, "checked by hand", &[]);
}

async fn health() -> Result<Body, String> {
    check().await;
    let made = || -> Result<(), InstrumentError> {
        Telemetry::global().create_counter("excluded.by_name", "", "1")?.add(1, &[]);
        Ok(())
    };
    made().map_err(|error| error.to_string())?;
    let stream = futures::stream::iter(0..2).then(|_| async {
        check().await;
        Ok::<_, std::io::Error>("ok")
    });
    Ok(Body::from_stream(stream))
}

#[test]
fn leave_nothing_in_any_signal() {
    let router = Router::new()
        .route("/health", get(health))
        .route("/healthy", get(async || ()))
        .layer(layer().access_log(true));
    let trace = spans_while(async {
        let response = send(&router, request("GET", "/health?verbose")).await;
        assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "okok");
        // A request that is not excluded, to know that others are seen.
        send(&router, request("GET", "/healthy")).await;
    });
    assert_eq!(trace.only().name, "GET /healthy");
    telemetry().force_flush(Duration::from_secs(30)).unwrap();
    let memory = telemetry().in_memory();
    assert!(
        memory.spans().iter().all(|span| !span.name.ends_with("/health") && !span.name.ends_with("::check"))
    );
    assert!(measured("http.server.request.duration", "http.route", "/health").is_empty());
    assert_eq!(measured("http.server.request.duration", "http.route", "/healthy").len(), 1);
    // The count of annotated calls is there from the start, at zero.
    assert_eq!(total_of_all("excluded.checks", "check"), 0);
    assert_eq!(total_of_all("excluded.check_duration", "check"), 0);
    assert!(memory.metrics().iter().all(|point| point.name != "excluded.by_name"));
    let bodies: Vec<_> = memory.logs().iter().filter_map(|log| log.body().cloned()).collect();
    let text = |text: &str| AnyValue::from(text.to_owned());
    assert!(!bodies.contains(&text("checked by hand")) && !bodies.contains(&text("GET /health 200")));
    assert!(bodies.contains(&text("GET /healthy 200")));
}
