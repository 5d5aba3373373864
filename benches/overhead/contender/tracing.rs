//! `#[tracing::instrument]` and tracing-opentelemetry, over the SDK. Its spans have three `code.*` attributes as ours do,
//! and not the threads and idle times that the layer adds when it is not told otherwise.

use std::hint::black_box;

use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::trace::Sampler;
use tracing::{info_span, instrument};
use tracing_subscriber::layer::SubscriberExt;

use super::{Refused, Subject, Yields, at_ten_places, block_on, no_such, repeat, sdk};
use crate::row::{POLLS, Row};

pub fn set_up(row: Row) -> Subject {
    let subject = match row {
        // Nothing is installed.
        Row::Off => return at_ten_places!(nothing_installed),
        Row::UnsampledRoot => Subject::new(|calls| repeat(calls, call)),
        Row::UnsampledChild | Row::Child | Row::ChildThreads => under_span(call),
        Row::ChildWithTwo => under_span(with_two),
        Row::Async => under_span(|id| block_on(ready(id))),
        Row::Poll => under_span(|id| block_on(pending(id))),
        Row::RootWithTen => Subject::new(|calls| repeat(calls, root)),
        Row::Error => under_span(|id| refused(id).is_err()),
        _ => no_such("tracing", row),
    };
    let sampler = match row {
        Row::UnsampledRoot | Row::UnsampledChild => Sampler::AlwaysOff,
        _ => Sampler::AlwaysOn,
    };
    let provider = sdk::tracer_provider(Sampler::ParentBased(Box::new(sampler)), row);
    let layer = tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("bench"))
        .with_threads(false)
        .with_tracked_inactivity(false);
    let subscriber = tracing_subscriber::registry().with(layer);
    tracing::subscriber::set_global_default(subscriber).expect("the first subscriber");
    subject.flushed_by(move || provider.force_flush().expect("all is delivered"))
}

fn under_span<R>(call: impl Fn(u64) -> R + Copy + Send + Sync + 'static) -> Subject {
    Subject::new(move |calls| info_span!("batch").in_scope(|| repeat(calls, call)))
}

#[inline(never)]
#[instrument(skip_all)]
fn nothing_installed<const PLACE: u64>(id: u64) -> u64 {
    black_box(id ^ PLACE)
}

#[inline(never)]
#[instrument(skip_all)]
fn call(id: u64) -> u64 {
    black_box(id)
}

#[inline(never)]
#[instrument(skip_all, fields(order.id = id, channel = "web"))]
fn with_two(id: u64) -> u64 {
    black_box(id)
}

#[inline(never)]
#[instrument(skip_all)]
async fn ready(id: u64) -> u64 {
    black_box(id)
}

#[inline(never)]
#[instrument(skip_all)]
async fn pending(id: u64) -> u64 {
    Yields(POLLS - 1).await;
    black_box(id)
}

#[inline(never)]
#[instrument(skip_all)]
fn root(id: u64) -> u64 {
    (0..10).map(|child| call(id + child)).sum()
}

#[inline(never)]
#[instrument(skip_all, err)]
fn refused(id: u64) -> Result<u64, Refused> {
    black_box(id);
    Err(Refused)
}
