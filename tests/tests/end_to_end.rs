//! What arrives at the official OpenTelemetry Collector, for every transport, processor and executor.

use std::collections::BTreeMap;

use cryostorm_tests::collector::Collector;
use cryostorm_tests::program::{Ran, run, to_otlp};
use cryostorm_tests::received::{Attributes, Data, Metric, Received, Span, SpanKind, Status};
use serde_json::json;

/// How many orders the workload works off.
const ORDERS: usize = 100;

macro_rules! suite {
    ($($name:ident: $transport:literal, $processor:literal, $executor:literal;)*) => {$(
        #[test]
        fn $name() {
            arrives(stringify!($name), $transport, $processor, $executor);
        }
    )*};
}

suite! {
    grpc_batch_plain: "grpc", "batch", "plain";
    grpc_batch_current_thread: "grpc", "batch", "current-thread";
    grpc_batch_multi_thread: "grpc", "batch", "multi-thread";
    grpc_simple_plain: "grpc", "simple", "plain";
    grpc_simple_current_thread: "grpc", "simple", "current-thread";
    grpc_simple_multi_thread: "grpc", "simple", "multi-thread";
    http_batch_plain: "http/protobuf", "batch", "plain";
    http_batch_current_thread: "http/protobuf", "batch", "current-thread";
    http_batch_multi_thread: "http/protobuf", "batch", "multi-thread";
    http_simple_plain: "http/protobuf", "simple", "plain";
    http_simple_current_thread: "http/protobuf", "simple", "current-thread";
    http_simple_multi_thread: "http/protobuf", "simple", "multi-thread";
}

fn arrives(suite: &str, transport: &str, processor: &str, executor: &str) {
    let Some(collector) = Collector::start_or_skip(suite) else { return };
    let port = port(&collector, transport).to_string();
    let mut variables = to_otlp(transport, &port);
    variables.extend([("TRACING__PROCESSOR_TYPE", processor), ("LOGGING__PROCESSOR_TYPE", processor)]);
    variables.push(("SERVICE__ADDITIONAL_ATTRIBUTES", r#"{"region": "north", "shard": 3}"#));

    let ran = run(env!("CARGO_BIN_EXE_workload"), &[executor], &variables);
    assert!(ran.success, "{ran:?}");
    assert_eq!(ran.said("shutdown"), "ok", "{ran:?}");
    assert_eq!(ran.stderr, "");

    let received = collector.stop();
    check_spans(&received);
    check_metrics(&received);
    check_logs(&received);
    check_resources(&received);
}

fn port(collector: &Collector, transport: &str) -> u16 {
    if transport == "grpc" { collector.grpc_port() } else { collector.http_port() }
}

fn check_spans(received: &Received) {
    let spans = &received.spans;
    assert_eq!(spans.len(), 1 + 5 * ORDERS, "the root, and five spans an order");
    let by_id: BTreeMap<&str, &Span> = spans.iter().map(|span| (span.span_id.as_str(), span)).collect();
    assert_eq!(by_id.len(), spans.len(), "every id is of one span");
    let roots: Vec<_> = spans.iter().filter(|span| span.parent_span_id.is_empty()).collect();
    assert_eq!(roots.len(), 1);
    assert_eq!(roots[0].name, "workload");
    for span in spans {
        assert_eq!(span.trace_id, roots[0].trace_id);
        assert!(span.start <= span.end, "{span:?}");
        assert_eq!(span.scope, "cryostorm");
    }

    let mut children: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for span in spans.iter().filter(|span| !span.parent_span_id.is_empty()) {
        let parent = by_id[span.parent_span_id.as_str()];
        let expected = if span.name == "order" { "workload" } else { "order" };
        assert_eq!(parent.name, expected, "the parent of {span:?}");
        assert!(parent.start <= span.start && span.end <= parent.end, "{span:?} within {parent:?}");
        children.entry(&parent.span_id).or_default().push(&span.name);
    }
    for order in spans.iter().filter(|span| span.name == "order") {
        let mut names = children.remove(order.span_id.as_str()).unwrap_or_default();
        names.sort_unstable();
        assert_eq!(names, ["check", "price", "price", "ship"]);
        check_order(order);
    }
    let kind_of = |name: &str| spans.iter().find(|span| span.name == name).map(|span| span.kind);
    assert_eq!(kind_of("ship"), Some(SpanKind::Producer));
    assert_eq!(kind_of("price"), Some(SpanKind::Internal));
}

fn check_order(order: &Span) {
    assert_eq!(order.kind, SpanKind::Server);
    let id = order.attributes["order.id"].as_u64().expect("a number");
    assert_eq!(order.attributes["order.rush"], json!(id.is_multiple_of(2)));
    assert_eq!(order.attributes["code.function.name"], json!("workload::order"));
    assert!(order.attributes["code.file.path"].as_str().is_some_and(|path| path.ends_with("workload.rs")));
    assert!(order.attributes["code.line.number"].as_u64().is_some_and(|line| line > 0));
    if !id.is_multiple_of(10) {
        assert_eq!((order.status, order.events.len()), (Status::Unset, 0));
        return;
    }
    assert_eq!(order.status, Status::Error);
    assert_eq!(order.status_message, "every tenth order is refused");
    assert_eq!(order.attributes["error.type"], json!("workload::Refused"));
    let event = &order.events[0];
    assert_eq!(event.name, "exception");
    assert_eq!(event.attributes["exception.type"], json!("workload::Refused"));
    assert_eq!(event.attributes["exception.message"], json!("every tenth order is refused"));
}

fn check_metrics(received: &Received) {
    let latest = received.latest_metrics();
    let find = |name: &str, attributes: serde_json::Value| -> &Metric {
        let expected: Attributes = serde_json::from_value(attributes).expect("an object");
        latest
            .iter()
            .find(|metric| metric.name == name && metric.attributes == expected)
            .unwrap_or_else(|| panic!("no {name} {expected:?} among {latest:#?}"))
    };
    let sum = |metric: &Metric| match &metric.data {
        Data::Sum { value, .. } => *value,
        other => panic!("not a sum: {other:?}"),
    };
    let order = "workload::order";
    let taken = find("orders", json!({"code.function.name": order, "channel": "web"}));
    assert_eq!((sum(taken), taken.unit.as_str()), (90.0, "{call}"));
    let refused = json!({"code.function.name": order, "channel": "web", "error.type": "workload::Refused"});
    assert_eq!(sum(find("orders", refused)), 10.0);
    assert_eq!(sum(find("function.calls", json!({"code.function.name": "workload::price"}))), 200.0);
    assert_eq!(sum(find("checks", json!({"code.function.name": "workload::check"}))), 90.0);

    let duration = find("order.duration", json!({"code.function.name": order}));
    assert_eq!(duration.unit, "s");
    let Data::Histogram { count, sum, bounds, .. } = &duration.data else { panic!("{duration:?}") };
    assert_eq!(*count, 90);
    assert!(*sum > 0.0);
    assert_eq!((bounds.first(), bounds.last(), bounds.len()), (Some(&0.005), Some(&10.0), 14));
}

fn check_logs(received: &Received) {
    assert_eq!(received.logs.len(), ORDERS, "one an order, and none below the level");
    let orders: BTreeMap<&str, &Span> = received
        .spans
        .iter()
        .filter(|span| span.name == "order")
        .map(|span| (span.span_id.as_str(), span))
        .collect();
    for log in &received.logs {
        let order = orders[log.span_id.as_str()];
        assert_eq!(log.trace_id, order.trace_id);
        assert_eq!(log.attributes["order.id"], order.attributes["order.id"]);
        assert_eq!((log.body.as_str(), log.severity_text.as_str()), (Some("order shipped"), "INFO"));
        assert!(log.time > 0);
    }
}

fn check_resources(received: &Received) {
    let spans = received.spans.iter().map(|span| &span.resource);
    let metrics = received.metrics.iter().map(|metric| &metric.resource);
    let logs = received.logs.iter().map(|log| &log.resource);
    for resource in spans.chain(metrics).chain(logs) {
        assert_eq!(resource["service.name"], json!("suite"));
        assert_eq!(resource["service.version"], json!("0.1.0"));
        assert_eq!(resource["deployment.environment.name"], json!("staging"));
        assert_eq!((&resource["region"], &resource["shard"]), (&json!("north"), &json!(3)));
        assert_eq!(resource["telemetry.sdk.language"], json!("rust"));
    }
}

/// The example as its documentation runs it, on the sources of this suite and one file that is not text.
#[test]
fn quickstart_arrives() {
    let Some(collector) = Collector::start_or_skip("quickstart_arrives") else { return };
    let tree = tempfile::tempdir().expect("a directory");
    std::fs::write(tree.path().join("good.rs"), "fn main() {}\n").expect("a file");
    std::fs::write(tree.path().join("bad.rs"), b"\xff\xfe").expect("a file");
    let port = collector.grpc_port().to_string();
    let directory = tree.path().display().to_string();
    let ran: Ran = run(env!("CARGO_BIN_EXE_quickstart"), &[&directory], &to_otlp("grpc", &port));
    assert!(ran.success, "{ran:?}");
    assert!(ran.stdout.contains("All of it was delivered."), "{ran:?}");

    let received = collector.stop();
    let named =
        |name: &str| received.spans.iter().filter(|span| span.name.ends_with(name)).collect::<Vec<_>>();
    assert_eq!((named("::take").len(), named("::walk").len(), named("::count").len()), (1, 1, 2));
    let failed: Vec<_> = named("::count").into_iter().filter(|span| span.status == Status::Error).collect();
    assert_eq!(failed.len(), 1);
    let errors: Vec<_> = received.logs.iter().filter(|log| log.severity_text == "ERROR").collect();
    assert_eq!((errors.len(), received.logs.len()), (1, 2), "the file, and the end of the census");
    assert_eq!(errors[0].span_id, failed[0].span_id);
    let counted = |error: bool| {
        let latest = received.latest_metrics();
        latest.iter().any(|metric| {
            metric.name == "function.calls"
                && metric.attributes["code.function.name"] == json!("quickstart::census::count")
                && metric.attributes.contains_key("error.type") == error
        })
    };
    assert!(counted(true) && counted(false));
}
