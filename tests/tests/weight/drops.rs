//! When arguments and locals are dropped.

use std::cell::RefCell;
use std::future::Future;

use cryostorm::{counted, timed, traced};
use cryostorm_tests::trace::{current_id, give_way, poll_once, spans_of};
use futures::executor::block_on;

thread_local! {
    static DROPPED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// Tells when it is dropped.
struct Noisy(&'static str);

impl Drop for Noisy {
    fn drop(&mut self) {
        DROPPED.with_borrow_mut(|dropped| dropped.push(self.0));
    }
}

/// What was dropped while `work` ran, in its order.
fn dropped(work: impl FnOnce()) -> Vec<&'static str> {
    spans_of(work);
    DROPPED.take()
}

fn consume<T>(_: T) {}

/// Each body as a plain function and as annotated ones.
macro_rules! bodies {
    ($($module:ident($($argument:pat_param),*) -> $output:ty $body:block)*) => {
        $(mod $module {
            use super::*;

            pub fn plain($($argument: Noisy),*) -> $output $body

            #[traced]
            #[counted]
            #[timed]
            pub fn annotated($($argument: Noisy),*) -> $output $body

            #[traced(ok(done = |_| true))]
            pub fn observed($($argument: Noisy),*) -> $output $body

            pub async fn plain_later($($argument: Noisy),*) -> $output {
                give_way().await;
                $body
            }

            #[traced]
            #[counted]
            #[timed]
            pub async fn annotated_later($($argument: Noisy),*) -> $output {
                give_way().await;
                $body
            }

            #[traced(ok(done = |_| true))]
            pub async fn observed_later($($argument: Noisy),*) -> $output {
                give_way().await;
                $body
            }
        })*

        #[test]
        fn a_function_drops_in_the_order_that_it_ever_did() {
            $({
                let plain = dropped(|| consume(call!($module::plain)));
                assert_eq!(plain.len(), 5, "four arguments and a local");
                assert_eq!(dropped(|| consume(call!($module::annotated))), plain, stringify!($module));
                assert_eq!(dropped(|| consume(call!($module::observed))), plain, stringify!($module));
            })*
        }

        #[test]
        fn an_async_function_drops_all_that_it_ever_did() {
            // Arguments that the body uses go into the future that has the body, which has its own order.
            let sorted = |work: &dyn Fn()| {
                let mut dropped = dropped(work);
                dropped.sort_unstable();
                dropped
            };
            $({
                let plain = sorted(&|| consume(block_on(call!($module::plain_later))));
                let annotated = sorted(&|| consume(block_on(call!($module::annotated_later))));
                let observed = sorted(&|| consume(block_on(call!($module::observed_later))));
                assert_eq!((&annotated, &observed), (&plain, &plain), stringify!($module));
                let plain = sorted(&|| cut(call!($module::plain_later)));
                assert_eq!(plain, ["a", "b", "c", "d"]);
                let annotated = sorted(&|| cut(call!($module::annotated_later)));
                let observed = sorted(&|| cut(call!($module::observed_later)));
                assert_eq!((&annotated, &observed), (&plain, &plain), stringify!($module));
            })*
        }
    };
}

macro_rules! call {
    ($function:path) => {
        $function(Noisy("a"), Noisy("b"), Noisy("c"), Noisy("d"))
    };
}

fn cut(future: impl Future) {
    assert!(poll_once(std::pin::pin!(future)).is_pending());
}

bodies! {
    unused(_a, _b, _c, _d) -> () {
        let _local = Noisy("local");
    }
    nameless(_, _b, _, _d) -> () {
        let _local = Noisy("local");
    }
    used(a, b, c, d) -> () {
        let _local = Noisy("local");
        let _ = [a.0, c.0, d.0, b.0];
    }
    moved(a, b, c, d) -> () {
        let _local = Noisy("local");
        consume(c);
        consume(a);
        let _ = [&b, &d];
    }
    failing_unused(_a, _, _c, _d) -> Result<(), String> {
        let _local = Noisy("local");
        Err("failed".to_owned())
    }
    failing_used(a, _, c, _d) -> Result<(), String> {
        let _local = Noisy("local");
        Err::<(), _>(format!("{} {}", a.0, c.0))?;
        Ok(())
    }
    failing_moved(a, b, _, d) -> Result<(), String> {
        let local = Noisy("local");
        let d = d;
        consume(b);
        drop(local);
        if d.0 == "d" {
            return Err(a.0.to_owned());
        }
        Ok(())
    }
    returned(a, _, c, _d) -> Result<Noisy, Noisy> {
        let _local = Noisy("local");
        if c.0 == "c" {
            return Err(a);
        }
        Ok(a)
    }
}

/// Asks whose call is going on when it is dropped.
struct Witness;

impl Drop for Witness {
    fn drop(&mut self) {
        witness();
    }
}

#[traced]
fn witness() {}

#[traced]
fn holding() -> Result<(), String> {
    let _local = Witness;
    Ok(())
}

#[traced]
fn holding_unfailing() {
    let _local = Witness;
}

#[traced(ok(done = |()| true))]
async fn holding_later() -> Result<(), String> {
    let _local = Witness;
    give_way().await;
    Ok(())
}

#[traced]
async fn holding_until_dropped() {
    let _local = Witness;
    give_way().await;
}

#[test]
fn locals_are_dropped_before_the_span_ends() {
    let works: [fn(); 4] = [
        || holding().unwrap(),
        holding_unfailing,
        || block_on(holding_later()).unwrap(),
        || cut(holding_until_dropped()),
    ];
    for work in works {
        let trace = spans_of(|| {
            let around = current_id();
            work();
            assert_eq!(current_id(), around);
        });
        let [witness, holding] = trace.spans.as_slice() else { panic!("{:?}", trace.spans) };
        assert_eq!(witness.name, "weight::drops::witness");
        assert_eq!(holding.parent_span_id, trace.root);
        assert!(witness.end_time <= holding.end_time);
    }
}
