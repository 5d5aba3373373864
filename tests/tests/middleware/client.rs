//! Requests that are sent.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, Response, StatusCode};
use axum::routing::get;
use cryostorm::middleware::ClientLayer;
use cryostorm::opentelemetry::trace::{SpanKind, Status};
use cryostorm_tests::trace::{Trace, attribute, error_type};
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware, Middleware, Next};
use tower::{Layer, Service, service_fn};

use super::observed::{only, pairs, serve, spans_while};

/// Sends a request to a service that answers with a status and remembers the headers that came.
fn sent(uri: &str, status: u16) -> (Trace, HeaderMap) {
    let seen = Arc::new(Mutex::new(HeaderMap::new()));
    let trace = spans_while(async {
        let service = service_fn(async |request: Request<Body>| {
            *seen.lock().unwrap() = request.headers().clone();
            let mut response = Response::new(Body::from("12"));
            *response.status_mut() = StatusCode::from_u16(status).unwrap();
            Ok::<_, Infallible>(response)
        });
        let request =
            Request::get(uri).header("traceparent", "of somebody else").body(Body::empty()).unwrap();
        ClientLayer::new().layer(service).call(request).await.unwrap();
    });
    let headers = seen.lock().unwrap().clone();
    (trace, headers)
}

#[test]
fn are_told_by_the_convention_and_carry_their_span() {
    let (trace, headers) = sent("https://user:hunter2@one.example/a?q=hunter2&token", 200);
    let span = trace.only();
    assert_eq!((&*span.name, &span.span_kind, &span.status), ("GET", &SpanKind::Client, &Status::Unset));
    let mut attributes: Vec<_> =
        span.attributes.iter().map(|pair| format!("{}={}", pair.key, pair.value)).collect();
    attributes.sort();
    assert_eq!(
        attributes,
        [
            "http.request.method=GET",
            "http.response.status_code=200",
            "network.protocol.version=1.1",
            "server.address=one.example",
            "server.port=443",
            "url.full=https://REDACTED:REDACTED@one.example/a?q=REDACTED&REDACTED",
        ]
    );
    let sent: Vec<_> = headers.get_all("traceparent").iter().collect();
    let (trace_id, span_id) = (span.span_context.trace_id(), span.span_context.span_id());
    assert_eq!(sent, [&format!("00-{trace_id}-{span_id}-01")]);
    let expected = [
        ("http.request.method", "GET"),
        ("http.response.status_code", "200"),
        ("network.protocol.version", "1.1"),
        ("server.address", "one.example"),
        ("server.port", "443"),
    ];
    let series = only("http.client.request.duration", "server.address", "one.example");
    assert_eq!((series.attributes, series.count), (pairs(expected), 1));
}

#[test]
fn are_errors_without_the_secrets_that_the_client_tells() {
    let trace = spans_while(async {
        let said = "no answer (https://me:hunter2@shop.example/a?token=hunter2)";
        let service = service_fn(async |_: Request<Body>| Err::<Response<Body>, _>(said.to_owned()));
        ClientLayer::new().layer(service).call(Request::new(Body::empty())).await.unwrap_err();
    });
    let shown = "no answer (https://REDACTED:REDACTED@shop.example/a?token=REDACTED)";
    assert_eq!(trace.only().status, Status::error(shown));
    assert!(!format!("{trace:?}").contains("hunter2"));
}

#[test]
fn are_errors_where_the_client_has_no_answer() {
    for (uri, status) in [("http://two.example/", 404), ("http://three.example:81/", 500)] {
        let (trace, _) = sent(uri, status);
        let error = status.to_string();
        assert_eq!((error_type(trace.only()), &trace.only().status), (Some(error), &Status::error("")));
    }
    let series = only("http.client.request.duration", "server.address", "two.example");
    assert_eq!(
        (series.attributes["error.type"].as_str(), series.attributes["server.port"].as_str()),
        ("404", "80")
    );
}

fn client() -> ClientBuilder {
    ClientBuilder::new(reqwest::Client::builder().no_proxy().build().unwrap())
}

async fn get_text(client: &ClientWithMiddleware, url: &str) -> reqwest_middleware::Result<String> {
    Ok(client.get(url).send().await?.text().await?)
}

#[test]
fn of_reqwest_are_told_alike() {
    let mut carried = String::new();
    let trace = spans_while(async {
        let echo = async |headers: HeaderMap| headers["traceparent"].to_str().unwrap().to_owned();
        let server = serve(Router::new().route("/echo", get(echo))).await;
        let client = client().with(ClientLayer::new().capture_query(true)).build();
        let url = format!("http://user:hunter2@{server}/echo?page=2&token=hunter2");
        carried = get_text(&client, &url).await.unwrap();
    });
    let span = trace.only();
    assert_eq!(carried[3..52], format!("{}-{}", span.span_context.trace_id(), span.span_context.span_id()));
    assert_eq!((&*span.name, &span.span_kind), ("GET", &SpanKind::Client));
    let url = attribute(span, "url.full").unwrap().to_string();
    // reqwest makes a header of the credentials.
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    assert!(url.ends_with("/echo?page=2&token=REDACTED"), "{url}");
    assert_eq!(attribute(span, "http.response.status_code"), Some(200.into()));
    assert_eq!(attribute(span, "http.request.resend_count"), None);
    assert!(!format!("{span:?}").contains("hunter2"));
}

/// A URL with a secret, at a port that was free a moment ago.
async fn nobodys_url() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}/?token=hunter2", listener.local_addr().unwrap())
}

#[test]
fn of_reqwest_that_find_nobody_say_so_without_the_url() {
    let trace = spans_while(async {
        let url = nobodys_url().await;
        get_text(&client().with(ClientLayer::new()).build(), &url).await.unwrap_err();
    });
    let span = trace.only();
    assert_eq!(error_type(span).as_deref(), Some("connect"));
    let Status::Error { description } = &span.status else { panic!("{span:?}") };
    assert!(description.contains("tcp connect error: ") && description.contains("refused"), "{description}");
    assert!(!format!("{span:?}").contains("hunter2"), "{span:?}");
}

/// Says more of an error than it was told.
struct Explains;

#[async_trait::async_trait]
impl Middleware for Explains {
    async fn handle(
        &self,
        request: reqwest::Request,
        extensions: &mut axum::http::Extensions,
        next: Next<'_>,
    ) -> reqwest_middleware::Result<reqwest::Response> {
        let url = request.url().clone();
        next.run(request, extensions).await.map_err(|error| match error {
            reqwest_middleware::Error::Reqwest(error) => reqwest_middleware::Error::Middleware(
                anyhow::Error::from(error).context(format!("gave up on {url}")),
            ),
            other => other,
        })
    }
}

#[test]
fn of_reqwest_that_another_middleware_explains_do_not_show_the_url_either() {
    let trace = spans_while(async {
        let url = nobodys_url().await;
        get_text(&client().with(ClientLayer::new()).with(Explains).build(), &url).await.unwrap_err();
    });
    let Status::Error { description } = &trace.only().status else { panic!("{trace:?}") };
    assert!(description.starts_with("gave up on http://127.0.0.1:"), "{description}");
    assert!(description.contains("/?token=REDACTED: ") && description.contains("refused"), "{description}");
    assert!(!format!("{:?}", trace.only()).contains("hunter2"), "{:?}", trace.only());
}

/// Sends each request three times.
struct Thrice;

#[async_trait::async_trait]
impl Middleware for Thrice {
    async fn handle(
        &self,
        request: reqwest::Request,
        extensions: &mut axum::http::Extensions,
        next: Next<'_>,
    ) -> reqwest_middleware::Result<reqwest::Response> {
        for _ in 0..2 {
            next.clone().run(request.try_clone().unwrap(), extensions).await?;
        }
        next.run(request, extensions).await
    }
}

#[test]
fn of_reqwest_that_are_sent_again_have_a_span_each() {
    let trace = spans_while(async {
        let server = serve(Router::new().route("/", get(async || ()))).await;
        let client = client().with(Thrice).with(ClientLayer::new()).build();
        get_text(&client, &format!("http://{server}/")).await.unwrap();
    });
    let resends: Vec<_> =
        trace.spans.iter().map(|span| attribute(span, "http.request.resend_count")).collect();
    assert_eq!(resends, [None, Some(1.into()), Some(2.into())]);
}

#[test]
fn that_are_dropped_are_cancelled() {
    let trace = spans_while(async {
        let server = serve(Router::new().route("/", get(std::future::pending::<()>))).await;
        let client = client().with(ClientLayer::new()).build();
        let url = format!("http://{server}/");
        let sending = get_text(&client, &url);
        let soon = tokio::time::timeout(std::time::Duration::from_millis(50), sending).await;
        assert!(soon.is_err());
    });
    let span = trace.only();
    assert_eq!((error_type(span).as_deref(), &span.status), (Some("cancelled"), &Status::Unset));
}
