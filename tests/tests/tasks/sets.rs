//! Sets of tasks, in every way in which a task gets into one.

use cryostorm::opentelemetry::Context;
use cryostorm::task::{JoinSet, in_context};
use cryostorm::traced;
use cryostorm_tests::trace::{Trace, attribute, give_way, spans_of};
use tokio::runtime::Builder;
use tokio::task::LocalSet;

#[traced(attributes(how = how))]
async fn member(how: &'static str) -> &'static str {
    give_way().await;
    how
}

#[traced(attributes(how = how))]
fn blocking(how: &'static str) -> &'static str {
    how
}

fn check(trace: &Trace, expected: &[&str]) {
    let mut ways: Vec<_> = trace
        .spans
        .iter()
        .inspect(|span| assert_eq!(span.parent_span_id, trace.root, "{span:?}"))
        .map(|span| attribute(span, "how").unwrap().to_string())
        .collect();
    ways.sort();
    assert_eq!(ways, expected);
}

#[test]
fn every_task_of_a_set_is_a_child_of_the_span_that_spawned_it() {
    let runtime = Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let local = LocalSet::new();
    let mut set = JoinSet::default();
    let trace = spans_of(|| {
        let here = Context::current();
        // Local tasks run on this thread, which has another context while they do.
        let _elsewhere = Context::new().attach();
        let spawn = || {
            set.spawn(member("spawn"));
            set.spawn_on(member("spawn_on"), runtime.handle());
            set.spawn_local(member("spawn_local"));
            set.spawn_local_on(member("spawn_local_on"), &local);
            set.spawn_blocking(|| blocking("spawn_blocking"));
            set.spawn_blocking_on(|| blocking("spawn_blocking_on"), runtime.handle());
            set.extend([member("extend")]);
        };
        local.block_on(&runtime, async { in_context(&here, spawn) });
        assert_eq!(local.block_on(&runtime, set.join_all()).len(), 7);
    });
    check(
        &trace,
        &[
            "extend",
            "spawn",
            "spawn_blocking",
            "spawn_blocking_on",
            "spawn_local",
            "spawn_local_on",
            "spawn_on",
        ],
    );
}

#[test]
fn a_set_is_tokios_in_all_else() {
    let runtime = Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let trace = spans_of(|| {
        runtime.block_on(async {
            let mut set: JoinSet<_> = ["a", "b", "c"].into_iter().map(member).collect();
            assert_eq!(format!("{set:?}"), "JoinSet { len: 3 }");
            assert_eq!((set.len(), set.is_empty()), (3, false));
            assert!(set.join_next().await.unwrap().is_ok());
            let mut rest = set.into_inner();
            while let Some(done) = rest.join_next().await {
                done.unwrap();
            }
            let mut aborted = JoinSet::<()>::new();
            aborted.spawn(std::future::pending());
            aborted.shutdown().await;
            assert!(aborted.is_empty());
        });
    });
    check(&trace, &["a", "b", "c"]);
}
