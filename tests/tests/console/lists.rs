//! Attributes that are lists.

use std::convert::Infallible;

use axum::body::Body;
use axum::http::{Request, Response, header};
use cryostorm::middleware::{ObservedBody, ServerLayer};
use cryostorm::settings::ConsoleFormat;
use futures::executor::block_on;
use tower::{Layer, Service, service_fn};

use crate::screen::shown;

#[test]
fn look_the_same_on_spans_and_in_logs() {
    for format in [ConsoleFormat::Tree, ConsoleFormat::Lines, ConsoleFormat::Json] {
        let text = shown(format, |_, _| {
            let layer = ServerLayer::new().access_log(true).capture_request_headers([header::ACCEPT]);
            let service = service_fn(async |_: Request<ObservedBody<Body>>| {
                Ok::<_, Infallible>(Response::new(Body::empty()))
            });
            let request = Request::get("/").header("accept", "a").header("accept", "b");
            let _ = block_on(layer.layer(service).call(request.body(Body::empty()).unwrap()));
        });
        let (_, key) = text.split_once("http.request.header.accept").expect(&text);
        let value = &key[..key.find(']').expect(&text)];
        // In a tree a log has no more than the span above it has not.
        let times = if format == ConsoleFormat::Tree { 1 } else { 2 };
        assert_eq!(text.matches(&format!("http.request.header.accept{value}]")).count(), times, "{text}");
    }
}
