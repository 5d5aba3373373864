//! The OpenTelemetry SDK, by hand: `in_span` with a `BatchSpanProcessor`; counters and histograms, bound or not.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use opentelemetry::metrics::{Counter, Histogram, Meter, MeterProvider};
use opentelemetry::trace::{FutureExt, SpanBuilder, Status, TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, KeyValue, global};
use opentelemetry_sdk::metrics::{PeriodicReader, SdkMeterProvider};
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracer, SdkTracerProvider,
};

use super::{BOUNDS, Refused, Subject, Yields, block_on, cryostorm, dynamic, no_such, repeat};
use crate::row::{POLLS, QUEUE, Row};
use crate::sink::Sink;

/// What its spans say.
#[derive(Clone, Copy, PartialEq)]
pub enum Content {
    /// What the row asks for.
    Own,
    /// The `code.*` attributes too, which cryostorm's spans always have.
    Equal,
}

impl Content {
    #[inline(always)]
    fn describe<const N: usize>(self, name: &'static str, own: [KeyValue; N]) -> SpanBuilder {
        let span = SpanBuilder::from_name(name);
        match self {
            Self::Own if N == 0 => span,
            Self::Own => span.with_attributes(own),
            Self::Equal => span.with_attributes(code().into_iter().chain(own)),
        }
    }
}

#[inline(always)]
fn code() -> [KeyValue; 3] {
    [
        KeyValue::new("code.function.name", concat!(module_path!(), "::call")),
        KeyValue::new("code.file.path", file!()),
        KeyValue::new("code.line.number", i64::from(line!())),
    ]
}

pub fn set_up(row: Row, content: Content) -> Subject {
    match row {
        Row::Off => {
            let tracer = global::tracer("bench");
            Subject::new(move |calls| repeat(calls, |id| call(&tracer, content, id)))
        }
        Row::Counted | Row::CountedThreads | Row::CountedDynamic | Row::Timed | Row::TimedThreads => {
            set_up_metrics(row)
        }
        Row::Declared | Row::DeclaredThreads => set_up_metrics(row),
        _ => set_up_spans(row, content),
    }
}

/// A provider whose spans are batched and dropped, of the given sampler.
pub fn tracer_provider(sampler: Sampler, row: Row) -> SdkTracerProvider {
    let batch = BatchConfigBuilder::default()
        .with_max_queue_size(QUEUE as usize)
        .with_max_export_batch_size(row.export() as usize)
        .build();
    let processor = BatchSpanProcessor::builder(Sink).with_batch_config(batch).build();
    SdkTracerProvider::builder().with_sampler(sampler).with_span_processor(processor).build()
}

fn set_up_spans(row: Row, content: Content) -> Subject {
    let sampler = match row {
        Row::UnsampledRoot => Sampler::AlwaysOff,
        _ => Sampler::ParentBased(Box::new(Sampler::AlwaysOn)),
    };
    let provider = tracer_provider(sampler, row);
    let tracer = provider.tracer("bench");
    let subject = match row {
        Row::UnsampledRoot => Subject::new(move |calls| repeat(calls, |id| call(&tracer, content, id))),
        Row::UnsampledChild => Subject::new(move |calls| {
            let _unsampled = cryostorm::unsampled().attach();
            repeat(calls, |id| call(&tracer, content, id));
        }),
        Row::Child | Row::ChildThreads => under_span(tracer, move |tracer, id| call(tracer, content, id)),
        Row::ChildWithTwo => under_span(tracer, move |tracer, id| with_two(tracer, content, id)),
        Row::Async => under_span(tracer, move |tracer, id| block_on(ready(tracer, content, id))),
        Row::Poll => under_span(tracer, move |tracer, id| block_on(pending(tracer, content, id))),
        Row::RootWithTen => Subject::new(move |calls| repeat(calls, |id| root(&tracer, content, id))),
        Row::Error => under_span(tracer, move |tracer, id| refused(tracer, content, id).is_err()),
        Row::AllThree => {
            let meters = meter_provider();
            let instruments = Instruments::new(&meters.meter("bench"));
            let attributes = [KeyValue::new("code.function.name", "call")];
            let (calls, duration) =
                (instruments.calls.bind(&attributes), instruments.duration.bind(&attributes));
            let subject = under_span(tracer, move |tracer, id| {
                let start = Instant::now();
                let value = call(tracer, content, id);
                duration.record(start.elapsed().as_secs_f64());
                calls.add(1);
                value
            });
            return subject.flushed_by(move || {
                provider.force_flush().expect("all spans are delivered");
                meters.force_flush().expect("all metrics are delivered");
            });
        }
        _ => no_such("sdk", row),
    };
    subject.flushed_by(move || provider.force_flush().expect("all is delivered"))
}

fn under_span<R>(tracer: SdkTracer, call: impl Fn(&SdkTracer, u64) -> R + Send + Sync + 'static) -> Subject {
    Subject::new(move |calls| tracer.in_span("batch", |_| repeat(calls, |id| call(&tracer, id))))
}

#[inline(never)]
fn call(tracer: &impl Tracer<Span: Send + Sync + 'static>, content: Content, id: u64) -> u64 {
    tracer.in_span_with_builder(content.describe("call", []), |_| black_box(id))
}

#[inline(never)]
fn with_two(tracer: &SdkTracer, content: Content, id: u64) -> u64 {
    let own = [KeyValue::new("order.id", id as i64), KeyValue::new("channel", "web")];
    tracer.in_span_with_builder(content.describe("with_two", own), |_| black_box(id))
}

#[inline(never)]
fn ready(tracer: &SdkTracer, content: Content, id: u64) -> impl Future<Output = u64> {
    let span = tracer.build(content.describe("ready", []));
    async move { black_box(id) }.with_context(Context::current_with_span(span))
}

#[inline(never)]
fn pending(tracer: &SdkTracer, content: Content, id: u64) -> impl Future<Output = u64> {
    let span = tracer.build(content.describe("pending", []));
    let body = async move {
        Yields(POLLS - 1).await;
        black_box(id)
    };
    body.with_context(Context::current_with_span(span))
}

#[inline(never)]
fn root(tracer: &SdkTracer, content: Content, id: u64) -> u64 {
    tracer.in_span_with_builder(content.describe("root", []), |_| {
        (0..10).map(|child| call(tracer, content, id + child)).sum()
    })
}

#[inline(never)]
fn refused(tracer: &SdkTracer, content: Content, id: u64) -> Result<u64, Refused> {
    tracer.in_span_with_builder(content.describe("refused", []), |context| {
        black_box(id);
        let (error, span) = (Refused, context.span());
        match content {
            Content::Own => span.record_error(&error),
            Content::Equal => {
                span.set_attribute(KeyValue::new("error.type", std::any::type_name::<Refused>()));
                let exception = vec![
                    KeyValue::new("exception.type", std::any::type_name::<Refused>()),
                    KeyValue::new("exception.message", error.to_string()),
                ];
                span.add_event("exception", exception);
            }
        }
        span.set_status(Status::error(error.to_string()));
        Err(error)
    })
}

pub fn meter_provider() -> SdkMeterProvider {
    SdkMeterProvider::builder().with_reader(PeriodicReader::builder(Sink).build()).build()
}

struct Instruments {
    calls: Counter<u64>,
    duration: Histogram<f64>,
}

impl Instruments {
    fn new(meter: &Meter) -> Self {
        Self {
            calls: meter.u64_counter("function.calls").build(),
            duration: meter.f64_histogram("function.duration").with_boundaries(BOUNDS.to_vec()).build(),
        }
    }
}

#[inline(always)]
fn literals() -> [KeyValue; 2] {
    [KeyValue::new("code.function.name", "call"), KeyValue::new("channel", "web")]
}

/// The attributes are given at each call.
fn set_up_metrics(row: Row) -> Subject {
    let provider = meter_provider();
    let instruments = Arc::new(Instruments::new(&provider.meter("bench")));
    let subject = match row {
        Row::Counted | Row::CountedThreads | Row::Declared | Row::DeclaredThreads => {
            Subject::new(move |calls| repeat(calls, |id| counted(&instruments, id)))
        }
        Row::CountedDynamic => Subject::new(move |calls| {
            repeat(calls, |id| {
                let (cached, channel) = dynamic(id);
                of_channel(&instruments, id, cached, channel)
            })
        }),
        _ => Subject::new(move |calls| repeat(calls, |id| timed(&instruments, id))),
    };
    subject.flushed_by(move || provider.force_flush().expect("all is delivered"))
}

/// The attributes are bound to the instruments once.
pub fn set_up_bound(row: Row) -> Subject {
    let provider = meter_provider();
    let instruments = Instruments::new(&provider.meter("bench"));
    let (counter, histogram) = (instruments.calls.bind(&literals()), instruments.duration.bind(&literals()));
    let subject = match row {
        Row::Counted | Row::CountedThreads | Row::Declared | Row::DeclaredThreads => {
            Subject::new(move |calls| {
                repeat(calls, |id| bound::counted(&counter, id));
            })
        }
        Row::Timed | Row::TimedThreads => Subject::new(move |calls| {
            repeat(calls, |id| bound::timed(&histogram, id));
        }),
        _ => no_such("sdk-bound", row),
    };
    subject.flushed_by(move || provider.force_flush().expect("all is delivered"))
}

#[inline(never)]
fn counted(instruments: &Instruments, id: u64) -> u64 {
    instruments.calls.add(1, &literals());
    black_box(id)
}

#[inline(never)]
fn of_channel(instruments: &Instruments, id: u64, cached: bool, channel: &'static str) -> u64 {
    let attributes = [
        KeyValue::new("code.function.name", "of_channel"),
        KeyValue::new("cached", cached),
        KeyValue::new("channel", channel),
    ];
    instruments.calls.add(1, &attributes);
    black_box(id)
}

#[inline(never)]
fn timed(instruments: &Instruments, id: u64) -> u64 {
    let start = Instant::now();
    let value = black_box(id);
    instruments.duration.record(start.elapsed().as_secs_f64(), &literals());
    value
}

mod bound {
    use std::hint::black_box;
    use std::time::Instant;

    use opentelemetry::metrics::{BoundCounter, BoundHistogram};

    #[inline(never)]
    pub fn counted(calls: &BoundCounter<u64>, id: u64) -> u64 {
        calls.add(1);
        black_box(id)
    }

    #[inline(never)]
    pub fn timed(duration: &BoundHistogram<f64>, id: u64) -> u64 {
        let start = Instant::now();
        let value = black_box(id);
        duration.record(start.elapsed().as_secs_f64());
        value
    }
}
