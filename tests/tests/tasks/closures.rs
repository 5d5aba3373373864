//! Closures on other threads: plain ones, and those of rayon.

use std::sync::Barrier;

use cryostorm::opentelemetry::Context;
use cryostorm::opentelemetry::trace::SpanId;
use cryostorm::task::{in_context, with_current_context};
use cryostorm::traced;
use cryostorm_tests::trace::{Trace, attribute, current_id, spans_of};
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

const THREADS: usize = 4;

fn pool() -> ThreadPool {
    ThreadPoolBuilder::new().num_threads(THREADS).build().unwrap()
}

/// Runs on that many threads at the same time, or never ends.
#[traced(attributes(part = part))]
fn part(part: usize, together: &Barrier) -> usize {
    together.wait();
    part * 10
}

fn check(trace: &Trace, count: usize) {
    let mut parts: Vec<_> = trace
        .spans
        .iter()
        .inspect(|span| assert_eq!(span.parent_span_id, trace.root, "{span:?}"))
        .map(|span| attribute(span, "part").unwrap().to_string())
        .collect();
    parts.sort();
    assert_eq!(parts, (0..count).map(|part| part.to_string()).collect::<Vec<_>>());
}

#[test]
fn both_sides_of_a_join_are_children() {
    let (pool, together) = (pool(), Barrier::new(2));
    let trace = spans_of(|| {
        let left = with_current_context(|| part(0, &together));
        let right = with_current_context(|| part(1, &together));
        assert_eq!(pool.join(left, right), (0, 10));
    });
    check(&trace, 2);
}

#[test]
fn spawned_and_scoped_closures_of_a_pool_are_children() {
    let (pool, together) = (pool(), Barrier::new(3));
    let trace = spans_of(|| {
        let here = Context::current();
        pool.scope(|scope| {
            scope.spawn(|_| {
                in_context(&here, || part(0, &together));
            });
            scope.spawn(|scope| {
                scope.spawn(|_| {
                    in_context(&here, || part(1, &together));
                });
                in_context(&here, || part(2, &together));
            });
        });
        let (done, is_done) = std::sync::mpsc::channel();
        let alone = Barrier::new(1);
        pool.spawn(with_current_context(move || done.send(part(3, &alone)).unwrap()));
        assert_eq!(is_done.recv().unwrap(), 30);
    });
    check(&trace, 4);
}

#[test]
fn the_parts_of_a_parallel_iterator_are_children_on_every_thread() {
    let (pool, together) = (pool(), Barrier::new(THREADS));
    let trace = spans_of(|| {
        let here = Context::current();
        let parts = pool.install(|| {
            let parts = (0..THREADS).into_par_iter().with_max_len(1);
            parts.map(|number| in_context(&here, || part(number, &together))).collect::<Vec<_>>()
        });
        assert_eq!(parts, [0, 10, 20, 30]);
    });
    check(&trace, THREADS);
    // On the same threads.
    assert!(pool.broadcast(|_| current_id()).iter().all(|id| *id == SpanId::INVALID));
}

#[test]
fn a_closure_that_panics_leaves_nothing_current() {
    let pool = pool();
    spans_of(|| {
        let here = Context::current();
        let caught = pool.install(|| {
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                in_context(&here, || panic!("on purpose"))
            }))
            .map_err(|_| current_id())
        });
        assert_eq!(caught, Err(SpanId::INVALID));
    });
}

#[test]
fn a_context_is_that_of_where_the_closure_was_made() {
    let trace = spans_of(|| {
        let made = with_current_context(current_id);
        let before = current_id();
        let elsewhere = Context::new().attach();
        assert_eq!((current_id(), made(), current_id()), (SpanId::INVALID, before, SpanId::INVALID));
        drop(elsewhere);
        assert_eq!(current_id(), before);
    });
    assert!(trace.spans.is_empty());
}

#[test]
fn a_thread_that_ends_can_still_start_others() {
    /// Dropped when its thread has no context any more.
    struct Last(std::sync::mpsc::Sender<Option<SpanId>>);
    impl Drop for Last {
        fn drop(&mut self) {
            let work = with_current_context(current_id);
            self.0.send(std::thread::spawn(work).join().ok()).unwrap();
            in_context(&Context::new(), || ());
        }
    }
    thread_local!(static LAST: std::cell::RefCell<Option<Last>> = const { std::cell::RefCell::new(None) });
    let (found, said) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        LAST.with_borrow_mut(|last| *last = Some(Last(found)));
        assert_eq!(current_id(), SpanId::INVALID);
    })
    .join()
    .unwrap();
    assert_eq!(said.recv().unwrap(), Some(SpanId::INVALID));
}
