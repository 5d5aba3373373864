//! fastrace with a reporter.

use std::hint::black_box;

use fastrace::collector::{Config, SpanContext};
use fastrace::{Span, trace};

use super::{Subject, Yields, at_ten_places, block_on, no_such, repeat};
use crate::row::{POLLS, Row};
use crate::sink::Sink;

pub fn set_up(row: Row) -> Subject {
    let subject = match row {
        // No reporter.
        Row::Off => return at_ten_places!(nothing_installed),
        Row::UnsampledRoot => Subject::new(|calls| repeat(calls, unsampled_root)),
        Row::UnsampledChild => under_span(false, call),
        Row::Child | Row::ChildThreads => under_span(true, call),
        Row::ChildWithTwo => under_span(true, with_two),
        Row::Async => under_span(true, |id| block_on(ready(id))),
        Row::Poll => under_span(true, |id| block_on(pending(id))),
        Row::RootWithTen => Subject::new(|calls| repeat(calls, root)),
        _ => no_such("fastrace", row),
    };
    reported(subject)
}

pub fn set_up_orphan() -> Subject {
    reported(Subject::new(|calls| repeat(calls, call)))
}

fn reported(subject: Subject) -> Subject {
    fastrace::set_reporter(Sink, Config::default());
    subject.flushed_by(fastrace::flush)
}

/// Its spans wait on the thread until the guard is dropped, which is measured with the calls.
fn under_span<R>(sampled: bool, call: impl Fn(u64) -> R + Copy + Send + Sync + 'static) -> Subject {
    Subject::new(move |calls| {
        let batch = Span::root("batch", SpanContext::random().sampled(sampled));
        let _current = batch.set_local_parent();
        repeat(calls, call);
    })
}

#[inline(never)]
#[trace]
fn nothing_installed<const PLACE: u64>(id: u64) -> u64 {
    black_box(id ^ PLACE)
}

#[inline(never)]
#[trace]
fn call(id: u64) -> u64 {
    black_box(id)
}

#[inline(never)]
#[trace(properties = { "order.id": "{id}", "channel": "web" })]
fn with_two(id: u64) -> u64 {
    black_box(id)
}

#[inline(never)]
#[trace]
async fn ready(id: u64) -> u64 {
    black_box(id)
}

#[inline(never)]
#[trace]
async fn pending(id: u64) -> u64 {
    Yields(POLLS - 1).await;
    black_box(id)
}

#[inline(never)]
fn root(id: u64) -> u64 {
    let root = Span::root("root", SpanContext::random());
    let _current = root.set_local_parent();
    (0..10).map(|child| call(id + child)).sum()
}

#[inline(never)]
fn unsampled_root(id: u64) -> u64 {
    let root = Span::root("root", SpanContext::random().sampled(false));
    let _current = root.set_local_parent();
    black_box(id)
}
