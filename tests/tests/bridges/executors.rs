//! A hundred interleaved requests under every executor: each span has the parent that the code says.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;

use cryostorm::opentelemetry::trace::SpanId;
use cryostorm::opentelemetry_sdk::trace::SpanData;
use cryostorm::{FutureExt as _, Telemetry, traced};
use cryostorm_tests::installation::{alone, quiet};
use cryostorm_tests::trace::give_way;
use tracing::Instrument as _;

use super::bridge_all;

const REQUESTS: u32 = 100;

/// A task of some executor, as the program awaits it.
type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

/// How an executor runs a future beside the one that asks.
type Spawn = fn(Task) -> Task;

/// Request, in `tracing`; step, annotated; query, in `tracing`; leaf, annotated. In between, others get their turn.
async fn request(number: u32, spawn: Spawn) {
    async {
        give_way().await;
        step(number, spawn).await;
    }
    .instrument(tracing::info_span!("request", otel.name = format!("request {number}")))
    .await;
}

#[traced(name = "step {number}")]
async fn step(number: u32, spawn: Spawn) {
    give_way().await;
    let query = tracing::info_span!("query", otel.name = format!("query {number}"));
    let task = async move {
        leaf(number).await;
        tracing::info!(number, "answered");
    };
    let spawned = spawn(Box::pin(task.instrument(query)));
    // A task that is given the context has this step for its parent, too.
    let aside = spawn(Box::pin(aside(number).with_current_context()));
    {
        let _entered = tracing::info_span!("check", otel.name = format!("check {number}")).entered();
        plain(number);
    }
    give_way().await;
    spawned.await;
    aside.await;
}

#[traced(name = "leaf {number}")]
async fn leaf(number: u32) {
    give_way().await;
}

#[traced(name = "aside {number}")]
async fn aside(number: u32) {
    give_way().await;
}

#[traced(name = "plain {number}")]
fn plain(number: u32) {}

/// Runs the requests with `run`, and checks what they left.
fn check(run: impl FnOnce()) {
    let _alone = alone();
    bridge_all();
    let telemetry = Telemetry::from_settings(quiet()).unwrap();
    run();
    telemetry.shutdown().unwrap();
    let spans = telemetry.in_memory().spans();
    let by_name: HashMap<_, _> = spans.iter().map(|span| (span.name.as_ref(), span)).collect();
    assert_eq!((spans.len(), by_name.len()), (7 * REQUESTS as usize, 7 * REQUESTS as usize));
    for number in 0..REQUESTS {
        let span = |name: &str| by_name[format!("{name} {number}").as_str()];
        let parents = [
            ("step", "request"),
            ("query", "step"),
            ("leaf", "query"),
            ("aside", "step"),
            ("check", "step"),
            ("plain", "check"),
        ];
        for (name, parent) in parents {
            assert_is_child(span(name), span(parent));
        }
        assert_eq!(span("request").parent_span_id, SpanId::INVALID);
    }
    check_logs(&telemetry.in_memory().logs(), &by_name);
}

fn assert_is_child(span: &SpanData, parent: &SpanData) {
    assert_eq!(span.parent_span_id, parent.span_context.span_id(), "{} of {}", span.name, parent.name);
    assert_eq!(span.span_context.trace_id(), parent.span_context.trace_id());
}

fn check_logs(logs: &[cryostorm::opentelemetry_sdk::logs::SdkLogRecord], by_name: &HashMap<&str, &SpanData>) {
    assert_eq!(logs.len(), REQUESTS as usize);
    for log in logs {
        let Some(cryostorm::opentelemetry::logs::AnyValue::Int(number)) = super::attribute(log, "number")
        else {
            panic!("{log:?}");
        };
        let span = by_name[format!("query {number}").as_str()];
        let context = log.trace_context().unwrap();
        assert_eq!(
            (context.trace_id, context.span_id),
            (span.span_context.trace_id(), span.span_context.span_id())
        );
    }
}

fn spawn_on_tokio(task: Task) -> Task {
    let task = tokio::spawn(task);
    Box::pin(async { task.await.unwrap() })
}

async fn all_on_tokio() {
    let requests: Vec<_> =
        (0..REQUESTS).map(|number| tokio::spawn(request(number, spawn_on_tokio))).collect();
    for request in requests {
        request.await.unwrap();
    }
}

#[test]
fn on_tokio_with_several_threads() {
    let runtime = || tokio::runtime::Builder::new_multi_thread().worker_threads(4).build().unwrap();
    check(|| runtime().block_on(all_on_tokio()));
}

#[test]
fn on_tokio_with_one_thread() {
    let runtime = || tokio::runtime::Builder::new_current_thread().build().unwrap();
    check(|| runtime().block_on(all_on_tokio()));
}

#[test]
fn on_tokio_without_tasks() {
    let runtime = || tokio::runtime::Builder::new_current_thread().build().unwrap();
    let requests = (0..REQUESTS).map(|number| request(number, |task| task));
    check(|| drop(runtime().block_on(futures::future::join_all(requests))));
}

#[test]
fn on_smol() {
    fn spawn(task: Task) -> Task {
        Box::pin(smol::spawn(task))
    }
    check(|| {
        smol::block_on(async {
            let requests: Vec<_> = (0..REQUESTS).map(|number| smol::spawn(request(number, spawn))).collect();
            for request in requests {
                request.await;
            }
        });
    });
}

#[test]
fn on_plain_threads() {
    fn spawn(task: Task) -> Task {
        let thread = std::thread::spawn(move || futures::executor::block_on(task));
        Box::pin(async { thread.join().unwrap() })
    }
    check(|| {
        std::thread::scope(|scope| {
            for number in 0..REQUESTS {
                scope.spawn(move || futures::executor::block_on(request(number, spawn)));
            }
        });
    });
}
