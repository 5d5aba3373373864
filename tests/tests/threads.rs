//! Spans that end on many threads: none is lost, and none does harm.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, SystemTime};

use cryostorm::opentelemetry::Context;
use cryostorm::opentelemetry::trace::{TraceContextExt as _, Tracer as _};
use cryostorm::{SpanGuard, Telemetry, TelemetryGuard, traced};
use cryostorm_tests::installation::{alone, quiet};
use cryostorm_tests::trace::poll_once;

const LONG: Duration = Duration::from_secs(30);

fn installed() -> TelemetryGuard {
    Telemetry::from_settings(quiet()).unwrap()
}

#[traced(name = "work")]
fn work() {}

fn names(telemetry: &Telemetry) -> BTreeMap<String, usize> {
    let mut names = BTreeMap::new();
    for span in telemetry.in_memory().spans() {
        *names.entry(span.name.to_string()).or_default() += 1;
    }
    names
}

fn count(telemetry: &Telemetry, name: &str) -> usize {
    names(telemetry).get(name).copied().unwrap_or_default()
}

#[test]
fn of_threads_that_end_at_once_all_arrive() {
    let _alone = alone();
    let guard = installed();
    thread::scope(|scope| {
        let threads = [(); 100].map(|()| {
            scope.spawn(|| {
                work();
                guard.span("by hand").in_scope(|_| work());
            })
        });
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    });
    guard.force_flush(LONG).unwrap();
    assert_eq!((count(&guard, "work"), count(&guard, "by hand")), (200, 100));
    let stats = guard.export_stats().traces;
    assert_eq!((stats.accepted, stats.exported), (300, 300));
    guard.shutdown().unwrap();
}

/// Their thread-locals may be at their end while the flush goes on.
#[test]
fn of_threads_that_are_about_to_end_all_arrive() {
    let _alone = alone();
    for _ in 0..200 {
        let guard = installed();
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(work);
            }
        });
        guard.force_flush(LONG).unwrap();
        assert_eq!(count(&guard, "work"), 8);
        guard.shutdown().unwrap();
    }
}

#[test]
fn of_threads_that_are_idle_all_arrive_at_flush_and_at_shutdown() {
    const THREADS: usize = 8;
    let _alone = alone();
    let guard = installed();
    let barrier = Barrier::new(THREADS + 1);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                work();
                barrier.wait();
                barrier.wait();
                work();
                barrier.wait();
                barrier.wait();
            });
        }
        barrier.wait();
        guard.force_flush(LONG).unwrap();
        let flushed = count(&guard, "work");
        barrier.wait();
        barrier.wait();
        guard.shutdown().unwrap();
        let shut_down = count(&guard, "work");
        barrier.wait();
        assert_eq!((flushed, shut_down), (THREADS, 2 * THREADS));
    });
}

#[test]
fn what_ends_while_others_flush_arrives() {
    let _alone = alone();
    let guard = installed();
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let flushing = scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                guard.force_flush(LONG).unwrap();
            }
        });
        let workers: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    for number in 0..1000 {
                        work();
                        if number % 100 == 0 {
                            guard.force_flush(LONG).unwrap();
                        }
                    }
                })
            })
            .collect();
        workers.into_iter().for_each(|worker| worker.join().unwrap());
        is_over.store(true, Ordering::Relaxed);
        flushing.join().unwrap();
    });
    guard.shutdown().unwrap();
    assert_eq!(count(&guard, "work"), 4000);
}

thread_local! {
    static HELD: RefCell<Vec<Context>> = const { RefCell::new(Vec::new()) };
    static PENDING: RefCell<Vec<Pin<Box<dyn Future<Output = ()>>>>> = const { RefCell::new(Vec::new()) };
}

#[test]
fn what_is_given_up_when_a_thread_ends_ends_then() {
    #[traced(name = "pending")]
    async fn annotated() {
        std::future::pending().await
    }

    let _alone = alone();
    let guard = installed();
    let before = SystemTime::now();
    thread::scope(|scope| {
        let thread = scope.spawn(|| {
            // Made before the thread's own, and so dropped after it.
            PENDING.with(|_| ());
            work();
            let by_hand = guard.span("pending").instrument(std::future::pending());
            let mut all: Vec<Pin<Box<dyn Future<Output = ()>>>> =
                vec![Box::pin(annotated()), Box::pin(by_hand)];
            for pending in &mut all {
                assert!(poll_once(pending.as_mut()).is_pending());
            }
            PENDING.with_borrow_mut(|pending| pending.extend(all));
        });
        thread.join().unwrap();
    });
    let after = SystemTime::now();
    guard.shutdown().unwrap();
    let spans = guard.in_memory().spans();
    let pending: Vec<_> = spans.iter().filter(|span| span.name == "pending").collect();
    assert_eq!(pending.len(), 2);
    for span in pending {
        let tolerance = Duration::from_millis(2);
        assert!(before - tolerance <= span.start_time && span.start_time <= span.end_time, "{span:?}");
        assert!(span.end_time <= after + tolerance, "{span:?} after {after:?}");
    }
}

#[test]
fn what_a_thread_holds_until_its_end_arrives() {
    let _alone = alone();
    let guard = installed();
    // Held by a thread-local that is made before our own, and by one that is made after it.
    for is_first in [true, false] {
        thread::scope(|scope| {
            let thread = scope.spawn(|| {
                if is_first {
                    HELD.with(|_| ());
                }
                work();
                let context = Context::current_with_span(guard.tracer().start("held"));
                HELD.with_borrow_mut(|held| held.push(context));
            });
            // The scope itself would not wait for what thread-locals do.
            thread.join().unwrap();
        });
    }
    guard.shutdown().unwrap();
    assert_eq!(names(&guard), BTreeMap::from([("held".into(), 2), ("work".into(), 2)]));
}

#[test]
fn a_span_that_ends_when_its_telemetry_is_shut_down_does_no_harm() {
    let _alone = alone();
    let guard = installed();
    let barrier = Barrier::new(2);
    thread::scope(|scope| {
        scope.spawn(|| {
            let late = guard.span("late").start();
            work();
            barrier.wait();
            barrier.wait();
            late.set_attribute("still", "here");
            drop(late);
            // Nothing is in force any more.
            work();
            assert!(!Context::current().has_active_span());
        });
        barrier.wait();
        guard.shutdown().unwrap();
        barrier.wait();
    });
    let again = installed();
    again.span("of the next").in_scope(|_| ());
    again.shutdown().unwrap();
    assert_eq!(names(&guard), BTreeMap::from([("work".into(), 1)]));
    assert_eq!(names(&again), BTreeMap::from([("of the next".into(), 1)]));
}

#[test]
fn an_old_handle_does_nothing_for_a_new_installation() {
    let _alone = alone();
    let first = installed();
    let old: Telemetry = first.clone();
    let held: SpanGuard = old.span("held over").start();
    first.shutdown().unwrap();
    drop(first);

    let second = installed();
    old.span("of an old handle").in_scope(|_| ());
    drop(held);
    second.span("of the new handle").in_scope(|_| work());
    second.shutdown().unwrap();
    let expected = [("of the new handle".to_owned(), 1), ("work".to_owned(), 1)];
    assert_eq!(names(&second), BTreeMap::from(expected));
    assert_eq!(names(&old), BTreeMap::new());
}

#[test]
fn threads_that_outlive_an_installation_go_on_with_the_next() {
    const THREADS: usize = 4;
    let _alone = alone();
    let barrier = Barrier::new(THREADS + 1);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for _ in 0..4 {
                    barrier.wait();
                    work();
                    barrier.wait();
                }
            });
        }
        for is_watched in [false, true, false] {
            let builder = Telemetry::builder(quiet());
            let guard = if is_watched {
                builder.with_span_processor(cryostorm_tests::paths::Watching).install().unwrap()
            } else {
                builder.install().unwrap()
            };
            barrier.wait();
            barrier.wait();
            guard.shutdown().unwrap();
            assert_eq!(count(&guard, "work"), THREADS);
        }
        barrier.wait();
        barrier.wait();
    });
}

#[test]
fn a_span_that_ends_on_a_thread_that_never_saw_its_telemetry_arrives() {
    let _alone = alone();
    let guard = installed();
    let tracer = guard.tracer();
    for _ in 0..10 {
        let span = tracer.start("sent");
        thread::scope(|scope| {
            scope.spawn(move || drop(span)).join().unwrap();
        });
    }
    guard.shutdown().unwrap();
    assert_eq!(count(&guard, "sent"), 10);
}
