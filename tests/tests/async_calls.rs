//! Annotated functions in async code: whose parent is whose, when a span is current, and how futures end.

use std::future::Future;
use std::pin::pin;

use cryostorm::opentelemetry::trace::{SpanId, Status};
use cryostorm::{FutureExt as _, counted, timed, traced};
use cryostorm_tests::trace::{
    Trace, attribute, current_id, error_type, give_way, poll_once, spans_of, total,
};

#[derive(Debug)]
struct Outer(std::num::ParseIntError);

impl std::fmt::Display for Outer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not a quantity")
    }
}

impl std::error::Error for Outer {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[traced]
#[counted]
#[timed]
async fn never_done() {
    std::future::pending::<()>().await;
}

#[test]
fn a_future_dropped_half_way_is_cancelled_and_one_never_polled_is_nothing() {
    let trace = spans_of(|| {
        drop(never_done());
        let mut future = Box::pin(never_done());
        assert!(poll_once(future.as_mut()).is_pending());
    });
    let span = trace.only();
    assert_eq!(span.status, Status::Unset);
    assert_eq!(error_type(span).as_deref(), Some("cancelled"));
    assert_eq!(span.events.len(), 0);
    assert_eq!(total("function.calls", "never_done", Some("cancelled")), 1);
    assert_eq!(total("function.duration", "never_done", Some("cancelled")), 1);
    assert_eq!(total("function.calls", "never_done", None), 0);
}

#[traced]
async fn parent(children: usize) {
    let mine = current_id();
    let all = (0..children).map(|_| async {
        child().await;
        assert_eq!(current_id(), mine, "after an await");
    });
    futures::future::join_all(all).await;
}

#[traced]
async fn child() {
    let mine = current_id();
    give_way().await;
    assert_eq!(current_id(), mine, "after giving way");
    leaf();
}

#[traced]
fn leaf() {}

fn check_family(trace: &Trace, children: usize) {
    let parent = trace.named("parent").span_context.span_id();
    let of = |name: &'static str| trace.spans.iter().filter(move |span| span.name.ends_with(name));
    assert_eq!((of("::child").count(), of("::leaf").count()), (children, children));
    assert!(of("::child").all(|span| span.parent_span_id == parent));
    let mut parents: Vec<_> = of("::leaf").map(|span| span.parent_span_id.to_string()).collect();
    let mut ids: Vec<_> = of("::child").map(|span| span.span_context.span_id().to_string()).collect();
    parents.sort();
    ids.sort();
    assert_eq!(parents, ids, "each leaf under a child of its own");
}

#[test]
fn joined_futures_keep_their_parents_on_one_thread() {
    check_family(&spans_of(|| futures::executor::block_on(parent(100))), 100);
}

#[test]
fn spawned_tasks_keep_the_parent_that_they_are_given_on_several_threads() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).build().unwrap();
    let trace = spans_of(|| {
        runtime.block_on(
            async {
                let tasks: Vec<_> = (0..20).map(|_| tokio::spawn(child().with_current_context())).collect();
                for task in tasks {
                    task.await.unwrap();
                }
                tokio::spawn(async { assert_eq!(current_id(), SpanId::INVALID) }).await.unwrap();
            }
            .with_current_context(),
        );
    });
    let children = trace.spans.iter().filter(|span| span.name.ends_with("::child"));
    assert_eq!(children.filter(|span| span.parent_span_id == trace.root).count(), 20);
}

#[test]
fn the_loser_of_a_select_is_cancelled_under_its_own_parent() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let trace = spans_of(|| {
        runtime.block_on(async {
            tokio::select! {
                biased;
                () = never_finished() => unreachable!(),
                () = child() => {}
            }
        });
    });
    assert_eq!(error_type(trace.named("never_finished")).as_deref(), Some("cancelled"));
    assert_eq!(trace.named("never_finished").parent_span_id, trace.root);
    assert_eq!(trace.named("child").parent_span_id, trace.root);
}

#[traced]
async fn never_finished() {
    std::future::pending::<()>().await;
}

#[test]
fn a_span_is_current_at_every_poll_and_only_then() {
    spans_of(|| {
        let around = current_id();
        let mut first = pin!(child());
        let mut second = pin!(parent(3));
        assert!(poll_once(first.as_mut()).is_pending());
        assert_eq!(current_id(), around);
        assert!(poll_once(second.as_mut()).is_pending());
        assert_eq!(current_id(), around);
        assert!(poll_once(first.as_mut()).is_ready());
        assert!(poll_once(second.as_mut()).is_ready());
        assert_eq!(current_id(), around);
    });
}

#[traced(attributes(text = text))]
#[counted]
fn returned(text: &str) -> impl Future<Output = Result<usize, Outer>> + use<> {
    let text = text.to_owned();
    leaf();
    async move {
        give_way().await;
        leaf();
        text.parse().map_err(Outer)
    }
}

#[traced]
fn returned_in_a_box(done: bool) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async move {
        leaf();
        if !done {
            std::future::pending::<()>().await;
        }
    })
}

#[async_trait::async_trait]
trait Storage {
    async fn load(&self, key: &str) -> Result<usize, Outer>;
}

struct Memory;

#[async_trait::async_trait]
impl Storage for Memory {
    #[traced(attributes(key = key))]
    #[timed]
    async fn load(&self, key: &str) -> Result<usize, Outer> {
        give_way().await;
        key.parse().map_err(Outer)
    }
}

#[test]
fn a_function_that_returns_a_future_is_done_when_that_is() {
    let trace = spans_of(|| {
        assert_eq!(futures::executor::block_on(returned("12")).unwrap(), 12);
    });
    let span = trace.named("returned");
    assert_eq!((span.parent_span_id, attribute(span, "text")), (trace.root, Some("12".into())));
    let leaves: Vec<_> = trace.spans.iter().filter(|span| span.name.ends_with("::leaf")).collect();
    assert_eq!(leaves.len(), 2, "where the future is made, and where it runs");
    assert!(leaves.iter().all(|leaf| leaf.parent_span_id == span.span_context.span_id()));
    assert!(leaves.iter().all(|leaf| leaf.end_time <= span.end_time));

    let trace = spans_of(|| {
        futures::executor::block_on(returned("x")).unwrap_err();
        futures::executor::block_on(returned_in_a_box(true));
        let mut dropped = returned_in_a_box(false);
        assert!(poll_once(dropped.as_mut()).is_pending());
    });
    assert_eq!(trace.named("returned").status, Status::error("not a quantity"));
    assert_eq!(total("function.calls", "returned", Some("async_calls::Outer")), 1);
    let boxed: Vec<_> =
        trace.spans.iter().filter(|span| span.name.ends_with("in_a_box")).map(error_type).collect();
    assert_eq!(boxed, [None, Some("cancelled".to_owned())]);
}

#[test]
fn async_trait_is_seen_through() {
    let trace = spans_of(|| {
        assert_eq!(futures::executor::block_on(Memory.load("7")).unwrap(), 7);
        futures::executor::block_on(Memory.load("x")).unwrap_err();
    });
    let statuses: Vec<_> = trace.spans.iter().map(|span| span.status.clone()).collect();
    assert_eq!(statuses, [Status::Unset, Status::error("not a quantity")]);
    assert_eq!(attribute(&trace.spans[0], "key"), Some("7".into()));
    assert_eq!(total("function.duration", "load", None), 1);
}
