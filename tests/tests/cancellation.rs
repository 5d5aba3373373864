//! Calls that end in any way at any time: each is counted once, and none is left under way or current.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::task::{Context as Wakeup, Poll, Waker};

use cryostorm::opentelemetry::trace::SpanId;
use cryostorm::{FutureExt as _, counted, timed, traced};
use cryostorm_tests::trace::{
    Trace, current_id, error_type, give_way, poll_once, spans_of, telemetry, total_of_all,
};
use futures::executor::block_on;
use futures::future::{LocalBoxFuture, join_all};
use futures::{FutureExt as _, Stream, StreamExt as _};

/// How a call goes on.
#[derive(Clone, Copy)]
struct Course {
    /// How often it gives way.
    pauses: u64,
    /// Whether it panics then.
    panics: bool,
}

impl Course {
    async fn run(self) {
        for _ in 0..self.pauses {
            give_way().await;
        }
        self.end();
    }

    fn end(self) {
        if self.panics {
            // Without the words of a panic, ten thousand times.
            resume_unwind(Box::new("on purpose"));
        }
    }
}

#[traced]
#[counted]
#[timed(in_flight)]
fn sync(course: Course) {
    course.end();
}

#[traced]
#[counted]
#[timed(in_flight)]
async fn lazy(course: Course) -> Result<(), String> {
    course.run().await;
    Ok(())
}

#[traced(ok(seen = |()| true))]
#[counted]
#[timed(in_flight)]
async fn observed(course: Course) -> Result<(), String> {
    course.run().await;
    Err("failed".to_owned())
}

#[traced]
#[counted]
#[timed(in_flight)]
fn boxed(course: Course) -> Pin<Box<dyn Future<Output = ()>>> {
    Box::pin(async move { course.run().await })
}

#[traced]
#[counted]
#[timed(in_flight)]
fn eager(course: Course) -> impl Future<Output = ()> {
    course.run()
}

#[traced]
#[counted]
#[timed(in_flight)]
fn items(course: Course) -> impl Stream<Item = u64> {
    futures::stream::iter(0..=course.pauses).map(move |item| {
        if item == course.pauses {
            course.end();
        }
        item
    })
}

#[traced]
#[counted]
#[timed(in_flight)]
async fn nest(course: Course) {
    let children = [lazy(course).map(drop).boxed_local(), boxed(course), eager(course).boxed_local()];
    join_all(children).await;
    sync(course);
}

const ALL: [&str; 7] = ["sync", "lazy", "observed", "boxed", "eager", "items", "nest"];

/// A sequence of numbers that is the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// Polls up to so many times, and drops.
fn cut(polls: u64, mut poll: impl FnMut() -> Poll<()>) {
    let around = current_id();
    for _ in 0..polls {
        let polled = catch_unwind(AssertUnwindSafe(&mut poll));
        assert_eq!(current_id(), around, "between polls nothing is current");
        if !matches!(polled, Ok(Poll::Pending)) {
            return;
        }
    }
}

/// Makes calls at random, and tells how many of each function were started, `nest`'s own aside.
fn toss(seed: u64, calls: usize) -> [i64; 7] {
    let mut dice = Dice(seed);
    let mut started = [0; 7];
    for _ in 0..calls {
        let course = Course { pauses: dice.below(5), panics: dice.below(4) == 0 };
        let (polls, which) = (dice.below(6), dice.below(7) as usize);
        let is_started = matches!(ALL[which], "sync" | "eager" | "items") || polls > 0;
        started[which] += i64::from(is_started);
        let mut future: LocalBoxFuture<'_, ()> = match ALL[which] {
            "sync" => {
                assert_eq!(catch_unwind(|| sync(course)).is_err(), course.panics);
                continue;
            }
            "items" => {
                let mut items = Box::pin(items(course));
                cut(polls, || {
                    let item = items.as_mut().poll_next(&mut Wakeup::from_waker(Waker::noop()));
                    if item == Poll::Ready(None) { Poll::Ready(()) } else { Poll::Pending }
                });
                continue;
            }
            "lazy" => lazy(course).map(drop).boxed_local(),
            "observed" => observed(course).map(drop).boxed_local(),
            "boxed" => boxed(course),
            "eager" => eager(course).boxed_local(),
            _ => nest(course).boxed_local(),
        };
        cut(polls, || poll_once(future.as_mut()));
    }
    started
}

#[test]
fn after_ten_thousand_cancellations_and_panics_every_call_is_counted_and_none_is_under_way() {
    let _ = telemetry();
    let mut started = toss(0x5eed, 10_000);
    let threads: Vec<_> = (1..5).map(|seed| std::thread::spawn(move || toss(seed, 2_500))).collect();
    for thread in threads {
        let more = thread.join().unwrap();
        std::iter::zip(&mut started, more).for_each(|(sum, more)| *sum += more);
    }
    assert_eq!(current_id(), SpanId::INVALID);
    let counted = |metric: &str| ALL.map(|name| total_of_all(metric, name));
    assert_eq!(counted("function.in_flight"), [0; 7]);
    assert_eq!(counted("function.calls"), counted("function.duration"));
    // What `nest` calls is counted too, but not by the test.
    let own = |name: &str| ALL.iter().position(|other| *other == name).unwrap();
    for name in ["observed", "items", "nest"] {
        assert_eq!(counted("function.calls")[own(name)], started[own(name)], "{name}");
    }
    let nested = started[own("nest")];
    for name in ["lazy", "boxed", "eager"] {
        let of_nest = counted("function.calls")[own(name)] - started[own(name)];
        assert!(0 < of_nest && of_nest <= nested, "{name} {of_nest} {nested}");
    }
}

/// Makes a call when it is dropped.
struct CallsOnDrop;

impl Drop for CallsOnDrop {
    fn drop(&mut self) {
        called_while_unwinding();
        assert!(poll_once(Box::pin(polled_while_unwinding()).as_mut()).is_ready());
    }
}

#[traced]
fn called_while_unwinding() {}

#[traced(ok(seen = |()| true))]
async fn polled_while_unwinding() -> Result<(), String> {
    Ok(())
}

#[traced]
async fn half_done() {
    give_way().await;
}

#[traced]
async fn panics_with_others_half_done() {
    let _calls = CallsOnDrop;
    let mut other = Box::pin(half_done());
    assert!(poll_once(other.as_mut()).is_pending());
    resume_unwind(Box::new("on purpose"));
}

#[test]
fn a_panic_is_that_of_the_call_it_came_from_alone() {
    let trace = spans_of(|| drop(catch_unwind(|| block_on(panics_with_others_half_done()))));
    let parent = trace.named("panics_with_others_half_done");
    assert_eq!(error_type(parent).as_deref(), Some("panic"));
    let expected = [
        ("half_done", Some("cancelled")),
        ("called_while_unwinding", None),
        ("polled_while_unwinding", None),
    ];
    for (name, error) in expected {
        assert_eq!(error_type(trace.named(name)).as_deref(), error, "{name}");
        assert_eq!(trace.named(name).parent_span_id, parent.span_context.span_id());
    }
}

#[traced(attributes(id = id))]
async fn child(id: i64) -> SpanId {
    let mine = current_id();
    for _ in 0..id % 5 {
        give_way().await;
        assert_eq!(current_id(), mine, "after giving way");
        assert_ne!(grandchild().await, mine);
        assert_eq!(current_id(), mine, "after an await");
    }
    mine
}

#[traced]
async fn grandchild() -> SpanId {
    give_way().await;
    current_id()
}

/// Every child under the root, and every grandchild under a child.
fn check_family(trace: &Trace, children: usize) {
    let of = |name: &'static str| trace.spans.iter().filter(move |span| span.name.ends_with(name));
    let is_child = |id: SpanId| of("::child").any(|span| span.span_context.span_id() == id);
    assert_eq!(of("::child").count(), children);
    assert!(of("::child").all(|span| span.parent_span_id == trace.root));
    assert_eq!(of("::grandchild").count(), children / 5 * (1 + 2 + 3 + 4));
    assert!(of("::grandchild").all(|span| is_child(span.parent_span_id)));
    assert_eq!(trace.spans.iter().filter_map(error_type).count(), 0);
}

#[test]
fn a_hundred_joined_futures_have_the_right_parents_on_one_thread() {
    let trace = spans_of(|| {
        let around = current_id();
        let ids = block_on(join_all((0..100).map(child)));
        assert!(ids.iter().all(|id| *id != around));
        assert_eq!(current_id(), around);
    });
    check_family(&trace, 100);
    let trace = spans_of(|| {
        block_on(async { futures::join!(child(0), child(1), child(2), child(3), child(4)) });
    });
    check_family(&trace, 5);
}

#[test]
fn a_hundred_joined_futures_have_the_right_parents_on_several_threads() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).build().unwrap();
    let trace = spans_of(|| {
        let halves = [0..50, 50..100].map(|ids| join_all(ids.map(child)).with_current_context());
        runtime.block_on(async {
            let halves = halves.map(tokio::spawn);
            for half in halves {
                assert_eq!(half.await.unwrap().len(), 50);
            }
            assert_eq!(tokio::spawn(async { current_id() }).await.unwrap(), SpanId::INVALID);
        });
    });
    check_family(&trace, 100);
}

#[traced]
fn numbers() -> impl Stream<Item = SpanId> {
    futures::stream::repeat_with(current_id).take(10)
}

#[test]
fn streams_and_futures_take_turns_without_seeing_each_other() {
    let mut seen = [Vec::new(), Vec::new()];
    let trace = spans_of(|| {
        let around = current_id();
        let mut streams = [numbers().boxed(), numbers().boxed()];
        let mut future = child(4).fuse().boxed();
        for _ in 0..10 {
            for (stream, seen) in std::iter::zip(&mut streams, &mut seen) {
                seen.push(block_on(stream.next()).unwrap());
                assert_eq!(current_id(), around);
                let _ = poll_once(future.as_mut());
                assert_eq!(current_id(), around);
            }
        }
    });
    let streams: Vec<_> = trace.spans.iter().filter(|span| span.name.ends_with("::numbers")).collect();
    assert_eq!(streams.len(), 2);
    for seen in seen {
        assert!(streams.iter().any(|span| seen.iter().all(|id| *id == span.span_context.span_id())));
    }
    assert!(streams.iter().all(|span| span.parent_span_id == trace.root));
}
