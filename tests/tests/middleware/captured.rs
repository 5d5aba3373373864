//! Headers and queries that a program asks for.

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use axum::routing::{any, get};
use cryostorm::opentelemetry_sdk::trace::SpanData;
use cryostorm_tests::trace::{attribute, telemetry};

use super::observed::{layer, request, send, spans_while};

fn told(span: &SpanData, key: &str) -> Option<String> {
    attribute(span, key).map(|value| value.to_string())
}

async fn answer() -> [(HeaderName, &'static str); 2] {
    [(header::SET_COOKIE, "id=hunter2"), (header::ETAG, "v1")]
}

#[test]
fn are_recorded_without_the_secrets_in_them() {
    let layer = layer()
        .capture_request_headers([header::AUTHORIZATION, header::ACCEPT, header::TE])
        .capture_response_headers([header::SET_COOKIE, header::ETAG])
        .capture_query(true);
    let router = Router::new().route("/captured", get(answer)).layer(layer);
    let trace = spans_while(async {
        let mut request = request("GET", "/captured?page=2&sig=hunter2");
        request.headers_mut().insert(header::AUTHORIZATION, HeaderValue::from_static("hunter2"));
        request.headers_mut().append(header::ACCEPT, HeaderValue::from_static("a"));
        request.headers_mut().append(header::ACCEPT, HeaderValue::from_static("b"));
        send(&router, request).await;
    });
    let span = trace.only();
    assert_eq!(told(span, "http.request.header.authorization").as_deref(), Some(r#"["REDACTED"]"#));
    assert_eq!(told(span, "http.request.header.accept").as_deref(), Some(r#"["a","b"]"#));
    assert_eq!(told(span, "http.request.header.te"), None);
    assert_eq!(told(span, "http.response.header.set-cookie").as_deref(), Some(r#"["REDACTED"]"#));
    assert_eq!(told(span, "http.response.header.etag").as_deref(), Some(r#"["v1"]"#));
    assert_eq!(told(span, "url.query").as_deref(), Some("page=2&sig=REDACTED"));
    assert!(!format!("{span:?}").contains("hunter2"));
}

#[test]
fn of_urls_and_hosts_have_no_credentials() {
    let layer =
        layer().capture_request_headers([header::REFERER]).capture_response_headers([header::LOCATION]);
    let elsewhere = async || [(header::LOCATION, "//me:hunter2@shop.example/a")];
    let router = Router::new().route("/referred", get(elsewhere)).layer(layer);
    let trace = spans_while(async {
        let mut request = request("GET", "/referred");
        let referer = "https://me:hunter2@idp.example/cb?code=hunter2";
        request.headers_mut().insert(header::REFERER, HeaderValue::from_static(referer));
        request.headers_mut().insert(header::HOST, HeaderValue::from_static("me:hunter2@shop.example:80"));
        request.headers_mut().insert(header::USER_AGENT, HeaderValue::from_bytes(&[b'a'; 5000]).unwrap());
        send(&router, request).await;
    });
    let span = trace.only();
    let shown = r#"["https://REDACTED:REDACTED@idp.example/cb?code=REDACTED"]"#;
    assert_eq!(told(span, "http.request.header.referer").as_deref(), Some(shown));
    let location = told(span, "http.response.header.location");
    assert_eq!(location.as_deref(), Some(r#"["REDACTED"]"#), "it has a host, which is not told from a path");
    assert_eq!(told(span, "server.address").as_deref(), Some("shop.example"));
    assert_eq!(told(span, "user_agent.original").unwrap().len(), 1024 + '…'.len_utf8(), "and no end of it");
    assert!(!format!("{span:?}").contains("hunter2"));
}

#[test]
fn and_what_callers_choose_has_a_length() {
    let long = "x".repeat(60_000);
    let access_log = layer().capture_request_headers([header::REFERER]).access_log(true);
    let router = Router::new().route("/odd", any(answer)).fallback(answer).layer(access_log);
    let trace = spans_while(async {
        let referer = HeaderValue::from_str(&format!("http://idp.example/{long}")).unwrap();
        let mut odd = request(&long, "/odd");
        odd.headers_mut().insert(header::REFERER, referer);
        send(&router, odd).await;
        let mut call = request("POST", &format!("/{long}/call"));
        call.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
        send(&router, call).await;
    });
    assert_eq!(trace.spans.len(), 2);
    let keys = ["http.request.method_original", "http.request.header.referer", "rpc.method_original"];
    for key in keys {
        let told: Vec<_> = trace.spans.iter().filter_map(|span| told(span, key)).collect();
        assert!(told.len() == 1 && (1024..1040).contains(&told[0].len()), "{key}: {:?}", told.first());
    }
    telemetry().force_flush(std::time::Duration::from_secs(30)).unwrap();
    let logs = telemetry().in_memory().logs();
    let ids = trace.spans[0].span_context.trace_id();
    let logs = logs.iter().filter(|log| log.trace_context().is_some_and(|context| context.trace_id == ids));
    let shown: Vec<_> = logs.map(|log| format!("{log:?}")).collect();
    assert!(!shown.is_empty() && !shown.iter().any(|log| log.contains(&long[..2000])));
}

#[test]
fn are_nothing_of_a_request_whose_finder_panics() {
    let layer = layer().route(|_| panic!("no route")).client_address(|_| panic!("no address"));
    let router = Router::new().route("/panics", get(answer)).layer(layer);
    let trace =
        spans_while(async { assert_eq!(send(&router, request("GET", "/panics")).await.status(), 200) });
    assert_eq!(trace.only().name, "GET");
}

#[test]
fn are_recorded_as_they_are_where_that_is_said() {
    let layer =
        layer().capture_request_headers([header::COOKIE]).capture_query(true).reveal(["cookie", "Session"]);
    let router = Router::new().route("/revealed", get(answer)).layer(layer);
    let trace = spans_while(async {
        let mut request = request("GET", "/revealed?session=7");
        request.headers_mut().insert(header::COOKIE, HeaderValue::from_static("theme=dark"));
        send(&router, request).await;
    });
    assert_eq!(told(trace.only(), "http.request.header.cookie").as_deref(), Some(r#"["theme=dark"]"#));
    assert_eq!(told(trace.only(), "url.query").as_deref(), Some("session=7"));
}

#[test]
fn are_not_recorded_otherwise() {
    let router = Router::new().route("/plain", get(answer)).layer(layer());
    let trace = spans_while(async {
        send(&router, request("GET", "/plain?page=2")).await;
    });
    assert!(trace.only().attributes.iter().all(|pair| !pair.key.as_str().contains(".header.")));
    assert_eq!(told(trace.only(), "url.query"), None);
}
