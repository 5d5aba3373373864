//! A program that spawns tasks in every way, with their context and without, for what it says of those that lost it.
//!
//! `lost_context THREADS`: on tokio with so many threads, 0 for the caller's own.

use std::path::Path;
use std::thread;
use std::time::Duration;

use cryostorm::opentelemetry::Context;
use cryostorm::task::{self, JoinSet, warn_of_lost_context};
use cryostorm::{FutureExt as _, Telemetry, traced};
use cryostorm_tests::installation::quiet;
use tokio::runtime::Builder;

#[traced]
async fn place() {
    for _ in 0..2 {
        tokio::spawn(lost()).await.expect("a task");
    }
    println!("spawned at: {}:{}", file!(), line!() + 1);
    tokio::spawn(lost_at_a_place()).await.expect("a task");
    tokio::spawn(async { lost_in_a_block() }).await.expect("a task");
    tokio::task::JoinSet::from_iter([outer()]).join_all().await;

    task::spawn(kept()).await.expect("a task");
    tokio::spawn(kept().with_current_context()).await.expect("a task");
    JoinSet::from_iter([kept()]).join_all().await;
    tokio::spawn(root()).await.expect("a task");
    tokio::spawn(given_a_parent(Context::new())).await.expect("a task");
    tokio::spawn(without_a_span(false)).await.expect("a task");
}

#[traced]
async fn lost() {}

#[traced]
async fn lost_at_a_place() {}

#[traced]
fn lost_in_a_block() {}

/// Lost, but not what it calls.
#[traced]
async fn outer() {
    inner().await;
}

#[traced]
async fn inner() {}

#[traced]
async fn kept() {}

#[traced(root)]
async fn root() {}

#[traced(context = parent)]
async fn given_a_parent(parent: Context) {}

#[traced(if = condition)]
async fn without_a_span(condition: bool) {}

#[traced]
async fn lost_by_hand() {}

#[traced]
async fn of_nobody() {}

fn main() {
    let threads = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or_default();
    let telemetry = Telemetry::from_settings(quiet()).expect("an installation");
    let mut runtime = match threads {
        0 => Builder::new_current_thread(),
        _ => Builder::new_multi_thread(),
    };
    if threads > 0 {
        runtime.worker_threads(threads);
    }
    warn_of_lost_context(&mut runtime);
    warn_of_lost_context(&mut runtime);
    let runtime = runtime.build().expect("a runtime");
    runtime.block_on(async {
        tokio::spawn(of_nobody()).await.expect("a task");
        place().await;
        let by_hand = telemetry.span("by hand").in_scope(|_| tokio::spawn(lost_by_hand()));
        by_hand.await.expect("a task");
    });
    drop(runtime);
    telemetry.shutdown().expect("all is delivered");
    wait_until_all_is_said();
}

/// What is said in a call is said by a thread of its own, which the end of a program does not wait for.
fn wait_until_all_is_said() {
    for _ in 0..3000 {
        if Path::new("/proc/self/task").read_dir().expect("the threads of this process").count() == 1 {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("a thread does not end");
}
