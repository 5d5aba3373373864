//! Library code that counts and measures through the non-blocking exporter, whatever is behind it.

use std::hint::{black_box, spin_loop};
use std::mem::forget;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use cryostorm::telemetry_exporter::{
    DeliveryError, MetricName, NonBlockingExporter, NonBlockingStats, TelemetryExporter,
};
use opentelemetry::metrics::MeterProvider;

use super::{Contender, Subject, no_such, repeat, sdk};
use crate::row::{QUEUE, Row};
use crate::sink;

const CALLS: MetricName = MetricName::from_static("bench.calls");
const SIZE: MetricName = MetricName::from_static("bench.size");

/// How long the exporter takes that delivers: as long as a panic does, or to write a line. One that took no time would empty
/// the queue while it is still in the caller's cache, and make the others look slow.
const DELIVERY: Duration = Duration::from_nanos(1500);

const LONG: Duration = Duration::from_secs(30);

pub fn set_up(contender: Contender, row: Row) -> Subject {
    match contender {
        Contender::Cryostorm => through_queue(Behind::Delivers, row),
        Contender::ExporterPanics => through_queue(Behind::Panics, row),
        Contender::ExporterHangs => {
            let (held, never) = channel();
            // Nobody hangs up either.
            forget(held);
            through_queue(Behind::Hangs(Mutex::new(never)), row)
        }
        Contender::ExporterGone => through_queue(Behind::Gone, row),
        Contender::Sdk => of_sdk(row),
        other => no_such(other.name(), row),
    }
}

/// What the exporter behind the queue does with a call.
enum Behind {
    Delivers,
    Panics,
    /// Nobody ever sends anything.
    Hangs(Mutex<Receiver<()>>),
    /// It is not called any more.
    Gone,
}

impl TelemetryExporter for Behind {
    fn increment(&self, _metric: &MetricName, _value: u64) {
        match self {
            Self::Delivers | Self::Gone => {
                let start = Instant::now();
                while start.elapsed() < DELIVERY {
                    spin_loop();
                }
                sink::take_value();
            }
            // Without the words on standard error.
            Self::Panics => resume_unwind(Box::new("an exporter may do this")),
            Self::Hangs(never) => {
                let _ = never.lock().unwrap_or_else(PoisonError::into_inner).recv();
            }
        }
    }

    fn observe(&self, metric: &MetricName, _value: f64) {
        self.increment(metric, 1);
    }
}

fn through_queue(behind: Behind, row: Row) -> Subject {
    let (is_gone, hangs) = (matches!(behind, Behind::Gone), matches!(behind, Behind::Hangs(..)));
    let expected: fn(NonBlockingStats) -> u64 = match behind {
        Behind::Delivers => |stats| stats.delivered,
        Behind::Panics => |stats| stats.dropped.panicked,
        Behind::Hangs(..) => |stats| {
            let dropped = stats.dropped;
            dropped.queue_full + dropped.unfinished + dropped.undelivered
        },
        Behind::Gone => |stats| stats.dropped.after_shutdown,
    };
    let exporter =
        NonBlockingExporter::builder(behind).with_capacity(row.batch().max(QUEUE) as usize).start();
    let exporter = Arc::new(exporter.expect("a thread is started"));
    let made = Arc::new(AtomicU64::new(0));
    if is_gone {
        exporter.shutdown(LONG).expect("nothing is lost yet");
    }
    if hangs {
        // Its first call is taken from the queue, which then fills up.
        while exporter.stats().dropped.queue_full == 0 {
            tell(&exporter, row, 1);
            made.fetch_add(1, Ordering::Relaxed);
        }
    }
    let run = {
        let (exporter, made) = (Arc::clone(&exporter), Arc::clone(&made));
        move |calls| {
            tell(&exporter, row, calls);
            made.fetch_add(calls, Ordering::Relaxed);
        }
    };
    let flush = {
        let exporter = Arc::clone(&exporter);
        move || {
            if !hangs {
                assert!(!matches!(exporter.flush(LONG), Err(DeliveryError::Timeout(_))));
            }
        }
    };
    let end = move || {
        // That calls were lost is what the counts say.
        let _ = exporter.shutdown(if hangs { Duration::ZERO } else { LONG });
        let (stats, made) = (exporter.stats(), made.load(Ordering::Relaxed));
        assert_eq!(stats.accepted, made, "{stats:?}");
        assert_eq!(stats.accepted, stats.delivered + stats.dropped.total(), "{stats:?}");
        assert_eq!(expected(stats), made, "{stats:?}");
    };
    Subject::new(run).flushed_by(flush).ended_by(end)
}

fn tell(exporter: &NonBlockingExporter, row: Row, calls: u64) {
    match row {
        Row::Increment | Row::IncrementThreads => repeat(calls, |id| increment(exporter, id)),
        _ => repeat(calls, |id| observe(exporter, id)),
    }
}

#[inline(never)]
fn increment(exporter: &NonBlockingExporter, id: u64) -> u64 {
    exporter.increment(&CALLS, 1);
    black_box(id)
}

#[inline(never)]
fn observe(exporter: &NonBlockingExporter, id: u64) -> u64 {
    exporter.observe(&SIZE, id as f64);
    black_box(id)
}

/// Without a queue, and without an exporter to choose.
fn of_sdk(row: Row) -> Subject {
    let provider = sdk::meter_provider();
    let meter = provider.meter("bench");
    let subject = match row {
        Row::Increment | Row::IncrementThreads => {
            let counter = meter.u64_counter("bench.calls").build();
            Subject::new(move |calls| repeat(calls, |_| counter.add(1, &[])))
        }
        _ => {
            let histogram = meter.f64_histogram("bench.size").build();
            Subject::new(move |calls| repeat(calls, |id| histogram.record(id as f64, &[])))
        }
    };
    subject.flushed_by(move || provider.force_flush().expect("all is delivered"))
}
