//! The attributes, through the public API.

use std::hint::black_box;
use std::time::Duration;

use cryostorm::settings::{Arguments, SamplingStrategy};
use cryostorm::{Telemetry, TelemetrySettings, counted, timed, traced};
use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState};

use super::{Refused, Subject, Yields, at_ten_places, block_on, declared, dynamic, repeat};
use crate::row::{POLLS, QUEUE, Row};
use crate::sink::Sink;

pub fn set_up(row: Row) -> Subject {
    let off = matches!(row, Row::Off | Row::OffAll);
    let subject = subject(row);
    if off { subject } else { installed(subject, row) }
}

/// A peer of [`Row::AllThree`].
pub fn set_up_traced() -> Subject {
    installed(under_span(call), Row::AllThree)
}

fn subject(row: Row) -> Subject {
    match row {
        Row::Off => at_ten_places!(nothing_installed),
        Row::UnsampledRoot => Subject::new(|calls| repeat(calls, call)),
        Row::OffAll => Subject::new(|calls| repeat(calls, all_three)),
        Row::UnsampledChild => Subject::new(|calls| {
            let _unsampled = unsampled().attach();
            repeat(calls, call);
        }),
        Row::Child | Row::ChildThreads => under_span(call),
        Row::ChildWithTwo => under_span(with_two),
        Row::Async => under_span(|id| block_on(ready(id))),
        Row::Poll => under_span(|id| block_on(pending(id))),
        Row::RootWithTen => Subject::new(|calls| repeat(calls, root)),
        Row::Error => under_span(|id| refused(id).is_err()),
        Row::Counted | Row::CountedThreads => Subject::new(|calls| repeat(calls, counted_call)),
        Row::CountedDynamic => Subject::new(|calls| {
            repeat(calls, |id| {
                let (cached, channel) = dynamic(id);
                of_channel(id, cached, channel)
            })
        }),
        Row::Timed | Row::TimedThreads => Subject::new(|calls| repeat(calls, timed_call)),
        Row::AllThree => under_span(all_three),
        _ => declared::of_ours(row),
    }
}

fn under_span<R>(call: impl Fn(u64) -> R + Copy + Send + Sync + 'static) -> Subject {
    Subject::new(move |calls| Telemetry::global().span("batch").in_scope(|_| repeat(calls, call)))
}

/// Stays installed until the process ends.
pub fn installed(subject: Subject, row: Row) -> Subject {
    let mut settings = TelemetrySettings::default();
    settings.logging.enabled = false;
    settings.tracing.additional_processor_args =
        Arguments::default().with("max_queue_size", QUEUE.to_string());
    settings.tracing.export_config.batch_size = row.export() as usize;
    if row == Row::UnsampledRoot {
        settings.tracing.sampling_strategy = SamplingStrategy::AlwaysOff;
    }
    let telemetry = Telemetry::builder(settings)
        .with_span_exporter(Sink)
        .with_metric_exporter(Sink)
        .install()
        .expect("telemetry is installed");
    subject.flushed_by(move || telemetry.force_flush(Duration::from_secs(30)).expect("all is delivered"))
}

/// A context inside a request whose trace is not sampled.
pub fn unsampled() -> Context {
    let (trace, span) = (TraceId::from(7), SpanId::from(7));
    let (flags, state) = (TraceFlags::default(), TraceState::default());
    // Not remote: what is directly under a remote span has ids of its own, once for a request.
    Context::new().with_remote_span_context(SpanContext::new(trace, span, flags, false, state))
}

#[inline(never)]
#[traced]
fn nothing_installed<const PLACE: u64>(id: u64) -> u64 {
    black_box(id ^ PLACE)
}

#[inline(never)]
#[traced]
fn call(id: u64) -> u64 {
    black_box(id)
}

#[inline(never)]
#[traced(attributes(order.id = id, channel = "web"))]
fn with_two(id: u64) -> u64 {
    black_box(id)
}

#[inline(never)]
#[traced]
async fn ready(id: u64) -> u64 {
    black_box(id)
}

#[inline(never)]
#[traced]
async fn pending(id: u64) -> u64 {
    Yields(POLLS - 1).await;
    black_box(id)
}

#[inline(never)]
#[traced]
fn root(id: u64) -> u64 {
    (0..10).map(|child| call(id + child)).sum()
}

#[inline(never)]
#[traced]
fn refused(id: u64) -> Result<u64, Refused> {
    black_box(id);
    Err(Refused)
}

#[inline(never)]
#[counted(attributes(channel = "web"))]
fn counted_call(id: u64) -> u64 {
    black_box(id)
}

#[inline(never)]
#[counted(attributes(cached = cached, channel = channel))]
fn of_channel(id: u64, cached: bool, channel: &'static str) -> u64 {
    black_box(id)
}

#[inline(never)]
#[timed(attributes(channel = "web"))]
fn timed_call(id: u64) -> u64 {
    black_box(id)
}

#[inline(never)]
#[traced]
#[counted]
#[timed]
fn all_three(id: u64) -> u64 {
    black_box(id)
}
