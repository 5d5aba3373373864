//! Tasks that never run, that end in the middle, and that are inside of one another in every way.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, mpsc};
use std::thread;

use cryostorm::opentelemetry::Context;
use cryostorm::opentelemetry::trace::SpanId;
use cryostorm::task::{self, Envelope, JoinSet, in_context, with_current_context};
use cryostorm::{FutureExt as _, traced};
use cryostorm_tests::trace::{Trace, current_id, error_type, give_way, spans_of};
use rayon::prelude::*;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::oneshot;
use tokio::task::LocalSet;

fn one_thread() -> Runtime {
    Builder::new_current_thread().build().unwrap()
}

fn several_threads() -> Runtime {
    Builder::new_multi_thread().worker_threads(3).build().unwrap()
}

/// Those of that name, each with its parent.
fn parents(trace: &Trace, name: &str) -> Vec<SpanId> {
    let path = format!("::{name}");
    trace.spans.iter().filter(|span| span.name.ends_with(&path)).map(|span| span.parent_span_id).collect()
}

fn id(trace: &Trace, name: &str) -> SpanId {
    trace.named(name).span_context.span_id()
}

#[traced]
async fn never() {
    unreachable!("it is not polled");
}

#[test]
fn a_task_that_is_never_polled_leaves_no_span_and_holds_nothing() {
    let trace = spans_of(|| {
        let held = Arc::new(());
        let runtime = one_thread();
        // Aborted before its turn; left when the runtime is; dropped before it is spawned.
        let aborted = runtime.block_on(async {
            let task = task::spawn(never());
            task.abort();
            task.await
        });
        assert!(aborted.unwrap_err().is_cancelled());
        let _inside = runtime.enter();
        let mut set = JoinSet::new();
        let copy = Arc::clone(&held);
        set.spawn(async move {
            never().await;
            drop(copy);
        });
        let copy = Arc::clone(&held);
        drop(task::spawn(async move {
            never().await;
            drop(copy);
        }));
        drop((set, never().with_current_context()));
        drop(_inside);
        drop(runtime);
        assert_eq!(Arc::strong_count(&held), 1);
    });
    assert!(trace.spans.is_empty(), "{:?}", trace.spans);
}

#[traced]
async fn outer(go: oneshot::Sender<()>) {
    let inner = task::spawn(middle(go));
    inner.await.unwrap();
}

#[traced]
async fn middle(go: oneshot::Sender<()>) {
    innermost(go).await;
}

#[traced]
async fn innermost(go: oneshot::Sender<()>) {
    go.send(()).unwrap();
    std::future::pending::<()>().await;
}

#[test]
fn a_task_that_is_aborted_takes_no_others_with_it_and_all_spans_have_their_parents() {
    for runtime in [one_thread(), several_threads()] {
        let trace = spans_of(|| {
            runtime.block_on(async {
                let (go, waiting) = oneshot::channel();
                let task = task::spawn(outer(go));
                waiting.await.unwrap();
                task.abort();
                assert!(task.await.unwrap_err().is_cancelled());
            });
            // The task inside is not aborted: it ends with the runtime.
            drop(runtime);
        });
        assert_eq!(trace.named("outer").parent_span_id, trace.root);
        assert_eq!(trace.named("middle").parent_span_id, id(&trace, "outer"));
        assert_eq!(trace.named("innermost").parent_span_id, id(&trace, "middle"));
        for name in ["outer", "middle", "innermost"] {
            assert_eq!(error_type(trace.named(name)).as_deref(), Some("cancelled"), "{name}");
        }
    }
}

#[traced]
async fn loses() {
    std::future::pending::<()>().await;
}

#[traced]
async fn wins() {
    give_way().await;
}

#[traced]
async fn races() {
    tokio::select! {
        () = loses() => unreachable!("it never ends"),
        () = wins() => {}
    }
    after().await;
}

#[traced]
async fn after() {}

#[test]
fn the_branch_that_loses_is_cancelled_under_the_same_parent() {
    let trace = spans_of(|| one_thread().block_on(async { task::spawn(races()).await.unwrap() }));
    for name in ["loses", "wins", "after"] {
        assert_eq!(trace.named(name).parent_span_id, id(&trace, "races"), "{name}");
    }
    assert_eq!(error_type(trace.named("loses")).as_deref(), Some("cancelled"));
}

#[traced]
async fn level(deeper: usize) {
    if deeper > 0 {
        // A level through each kind of task.
        match deeper % 3 {
            0 => Box::pin(task::spawn_local(Box::pin(level(deeper - 1)))).await.unwrap(),
            1 => {
                let mut set = JoinSet::new();
                set.spawn_local(Box::pin(level(deeper - 1)));
                set.join_next().await.unwrap().unwrap();
            }
            _ => Box::pin(level(deeper - 1)).with_current_context().await,
        }
    }
}

#[test]
fn local_tasks_inside_local_tasks_are_a_chain() {
    const DEPTH: usize = 12;
    let trace = spans_of(|| {
        let (runtime, set) = (one_thread(), LocalSet::new());
        set.block_on(&runtime, async { task::spawn_local(level(DEPTH)).await.unwrap() });
        // What is in the set and not run ends with it.
        drop(set.spawn_local(never().with_current_context()));
    });
    // In the order in which they end, the innermost first.
    let ids = trace.spans.iter().map(|span| span.span_context.span_id()).skip(1).chain([trace.root]);
    assert_eq!(trace.spans.len(), DEPTH + 1);
    assert_eq!(parents(&trace, "level"), ids.collect::<Vec<_>>());
}

#[traced]
fn batch_of_images(count: usize) -> usize {
    let here = Context::current();
    let resized = (0..count).into_par_iter().map(|image| in_context(&here, || resize(image)));
    resized.sum()
}

#[traced]
fn resize(image: usize) -> usize {
    // A join inside, in which this thread may run what belongs to others.
    let (one, other) =
        rayon::join(with_current_context(|| half(image)), with_current_context(|| half(image)));
    one + other
}

#[traced]
fn half(image: usize) -> usize {
    image
}

#[test]
fn parallel_iterators_inside_blocking_tasks_are_under_them() {
    let pool = Arc::new(rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap());
    let runtime = several_threads();
    let trace = spans_of(|| {
        runtime.block_on(async {
            let mut set = JoinSet::new();
            for _ in 0..4 {
                let pool = Arc::clone(&pool);
                set.spawn_blocking(move || {
                    let inside = with_current_context(|| batch_of_images(10));
                    assert_eq!(pool.install(inside), 90);
                });
            }
            set.join_all().await;
        });
    });
    let of = |name: &str| parents(&trace, name);
    assert_eq!(of("batch_of_images"), vec![trace.root; 4]);
    let ids = |name: &str| -> Vec<SpanId> {
        let path = format!("::{name}");
        let named = trace.spans.iter().filter(|span| span.name.ends_with(&path));
        named.map(|span| span.span_context.span_id()).collect()
    };
    for (name, parent, each) in [("resize", "batch_of_images", 10), ("half", "resize", 2)] {
        for id in ids(parent) {
            assert_eq!(of(name).iter().filter(|parent| **parent == id).count(), each, "{name}");
        }
    }
    pool.broadcast(|_| assert_eq!(current_id(), SpanId::INVALID));
}

#[test]
fn a_panic_in_a_pool_comes_through_and_leaves_nothing_current() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    let runtime = one_thread();
    let trace = spans_of(|| {
        let here = Context::current();
        let work = || {
            (0..8).into_par_iter().for_each(|image| {
                in_context(&here, || assert!(resize(image) < 14, "on purpose"));
            });
        };
        assert!(catch_unwind(AssertUnwindSafe(|| pool.install(work))).is_err());
        let blocking = runtime.spawn_blocking(with_current_context(|| panic!("on purpose")));
        assert!(runtime.block_on(blocking).unwrap_err().is_panic());
        assert_eq!(current_id(), here_id(&here));
    });
    assert!(parents(&trace, "resize").iter().all(|parent| *parent == trace.root));
    pool.broadcast(|_| assert_eq!(current_id(), SpanId::INVALID));
    assert_eq!(runtime.block_on(runtime.spawn_blocking(current_id)).unwrap(), SpanId::INVALID);
}

fn here_id(context: &Context) -> SpanId {
    in_context(context, current_id)
}

#[traced]
fn send(message: usize) -> Envelope<usize> {
    Envelope::new(message)
}

#[traced(links = messages)]
fn receive(messages: &[Envelope<usize>]) {}

#[test]
fn a_batch_from_many_threads_is_linked_to_as_many_as_a_span_may_have() {
    const MESSAGES: usize = 200;
    let trace = spans_of(|| {
        let (sender, receiver) = mpsc::channel();
        thread::scope(|scope| {
            for part in 0..4 {
                let sender = sender.clone();
                scope.spawn(with_current_context(move || {
                    for message in (0..MESSAGES).filter(|message| message % 4 == part) {
                        sender.send(send(message)).unwrap();
                    }
                }));
            }
        });
        drop(sender);
        receive(&receiver.iter().collect::<Vec<_>>());
    });
    let senders: Vec<_> = trace
        .spans
        .iter()
        .filter(|span| span.name.ends_with("::send"))
        .map(|span| &span.span_context)
        .collect();
    assert_eq!(parents(&trace, "send"), vec![trace.root; MESSAGES]);
    let links = &trace.named("receive").links;
    assert_eq!((links.len(), links.dropped_count), (128, MESSAGES as u32 - 128));
    assert!(links.iter().all(|link| senders.contains(&&link.span_context)));
}

/// Spawns when its thread ends.
struct SpawnsAtTheEnd(Handle, Option<oneshot::Sender<SpanId>>);

impl Drop for SpawnsAtTheEnd {
    fn drop(&mut self) {
        let done = self.1.take().unwrap();
        let mut set = JoinSet::new();
        set.spawn_on(async { done.send(current_id()).unwrap() }, &self.0);
        // What is in the set goes on without it.
        set.detach_all();
    }
}

#[test]
fn a_thread_that_ends_can_still_spawn() {
    thread_local! {
        static LAST: RefCell<Option<SpawnsAtTheEnd>> = const { RefCell::new(None) };
    }
    let runtime = several_threads();
    let (done, ran) = oneshot::channel();
    let last = SpawnsAtTheEnd(runtime.handle().clone(), Some(done));
    let in_thread = move || {
        // Made before the thread's context, and so dropped after it.
        LAST.with(|last| last.replace(None));
        resize(1);
        LAST.with(|place| place.replace(Some(last)));
    };
    thread::spawn(in_thread).join().unwrap();
    assert_eq!(runtime.block_on(ran).unwrap(), SpanId::INVALID);
}
