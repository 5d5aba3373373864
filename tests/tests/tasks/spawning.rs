//! Tasks of tokio that run under the span that spawned them, however they end.

use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::sync::{Mutex, Once};
use std::thread::{self, ThreadId};

use cryostorm::opentelemetry::Context;
use cryostorm::opentelemetry::trace::{SpanId, Status};
use cryostorm::task::{self, JoinSet, in_context};
use cryostorm::traced;
use cryostorm_tests::trace::{current_id, error_type, spans_of};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;
use tokio::task::LocalSet;

fn one_thread() -> Runtime {
    Builder::new_current_thread().build().unwrap()
}

#[traced]
async fn local() {}

#[traced]
fn blocking() {}

#[test]
fn local_and_blocking_tasks_are_children_too() {
    let trace = spans_of(|| {
        let here = Context::current();
        // Local tasks run on this thread, which has another context while they do.
        let _elsewhere = Context::new().attach();
        LocalSet::new().block_on(&one_thread(), async {
            let tasks = in_context(&here, || (task::spawn_local(local()), task::spawn_blocking(blocking)));
            tasks.0.await.unwrap();
            tasks.1.await.unwrap();
        });
    });
    for name in ["local", "blocking"] {
        assert_eq!(trace.named(name).parent_span_id, trace.root, "{name}");
    }
}

#[traced]
async fn panics() {
    panic!("on purpose");
}

#[traced]
async fn waits(go: oneshot::Sender<()>) {
    go.send(()).unwrap();
    std::future::pending::<()>().await;
}

#[test]
fn a_task_that_panics_or_is_aborted_ends_under_its_parent_and_leaves_nothing_current() {
    let runtime = one_thread();
    let trace = spans_of(|| {
        runtime.block_on(async {
            assert!(task::spawn(panics()).await.unwrap_err().is_panic());
            let (go, waiting) = oneshot::channel();
            let aborted = task::spawn(waits(go));
            waiting.await.unwrap();
            aborted.abort();
            assert!(aborted.await.unwrap_err().is_cancelled());
            let unwinds = task::spawn_blocking(|| panic!("on purpose"));
            assert!(unwinds.await.unwrap_err().is_panic());
        });
    });
    let panicked = trace.named("panics");
    assert_eq!((panicked.parent_span_id, error_type(panicked).as_deref()), (trace.root, Some("panic")));
    assert!(matches!(panicked.status, Status::Error { .. }));
    let aborted = trace.named("waits");
    assert_eq!((aborted.parent_span_id, error_type(aborted).as_deref()), (trace.root, Some("cancelled")));
    // On the same threads.
    runtime.block_on(async {
        assert_eq!(tokio::spawn(async { current_id() }).await.unwrap(), SpanId::INVALID);
        assert_eq!(tokio::task::spawn_blocking(current_id).await.unwrap(), SpanId::INVALID);
    });
}

#[traced]
async fn short(go: oneshot::Receiver<()>, tasks: &mut JoinSet<()>) {
    tasks.spawn(outliving(go));
}

#[traced]
async fn outliving(go: oneshot::Receiver<()>) {
    go.await.unwrap();
    task::spawn(late()).await.unwrap();
}

#[traced]
async fn late() {}

#[test]
fn a_task_that_outlives_its_parent_stays_its_child() {
    let trace = spans_of(|| {
        one_thread().block_on(async {
            let (go, gate) = oneshot::channel();
            let mut tasks = JoinSet::new();
            short(gate, &mut tasks).await;
            go.send(()).unwrap();
            tasks.join_all().await;
        });
    });
    let (short, outliving, late) = (trace.named("short"), trace.named("outliving"), trace.named("late"));
    assert_eq!(outliving.parent_span_id, short.span_context.span_id());
    assert_eq!(late.parent_span_id, outliving.span_context.span_id());
    assert!(short.end_time <= late.start_time, "the parent had ended");
}

#[traced]
async fn silent() {}

#[test]
fn suppressed_telemetry_stays_suppressed() {
    let trace = spans_of(|| {
        one_thread().block_on(async {
            let tasks = {
                let _suppressed = Context::enter_telemetry_suppressed_scope();
                (task::spawn(silent()), task::spawn_blocking(blocking))
            };
            tasks.0.await.unwrap();
            tasks.1.await.unwrap();
        });
    });
    assert!(trace.spans.is_empty(), "{:?}", trace.spans);
}

/// Where this thread panics.
fn place_of_panic(work: impl FnOnce()) -> (String, u32) {
    static PLACES: Mutex<Vec<(ThreadId, String, u32)>> = Mutex::new(Vec::new());
    static HOOKED: Once = Once::new();
    HOOKED.call_once(|| {
        let others = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if let Some(at) = panic.location() {
                PLACES.lock().unwrap().push((thread::current().id(), at.file().to_owned(), at.line()));
            }
            others(panic);
        }));
    });
    catch_unwind(AssertUnwindSafe(work)).unwrap_err();
    let places = PLACES.lock().unwrap();
    let (_, file, line) =
        places.iter().rfind(|(thread, ..)| *thread == thread::current().id()).expect("a place").clone();
    (file, line)
}

#[track_caller]
fn check_place(work: impl FnOnce()) {
    let line = Location::caller().line();
    assert_eq!(place_of_panic(work), (file!().to_owned(), line));
}

#[test]
fn where_there_is_no_runtime_the_caller_is_told_of() {
    check_place(|| drop(task::spawn(local())));
    check_place(|| drop(task::spawn_blocking(blocking)));
    check_place(|| drop(task::spawn_local(local())));
    let mut set = JoinSet::new();
    check_place(|| drop(set.spawn(local())));
    check_place(|| drop(set.spawn_blocking(blocking)));
    check_place(|| drop(set.spawn_local(local())));
}
