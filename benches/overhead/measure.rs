//! What a measuring process does: one contender of one row, on so many threads, as often as it is told.
//!
//! A measurement is a number of batches. In each, every thread makes its share of the calls at the same time, on a
//! processor that it keeps to, and reads its own clocks and allocations around them: a parent span that the calls share is
//! inside. Then all threads wait while the contender exports what it has, so that no queue overflows. The CPU time of the
//! process runs on over these flushes. The first half of the batches warms up and counts for nothing.

use std::io::Write;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::allocations::Allocations;
use crate::clock;
use crate::contender::{Contender, Subject};
use crate::processors::Processors;
use crate::row::Row;
use crate::sink;

/// What one call cost in one round.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub struct Measured {
    /// Nanoseconds of CPU of the calling thread.
    pub cpu: f64,
    /// Nanoseconds that passed on the calling thread.
    pub wall: f64,
    /// Nanoseconds of CPU of all threads of the process, the flushes included.
    pub process: f64,
    /// Cores in use while the threads made their calls: fewer than there are threads where they waited, for each other or
    /// for a core.
    pub cores: f64,
    /// Allocations on the calling thread.
    pub allocations: f64,
    /// Bytes allocated on the calling thread.
    pub bytes: f64,
    /// Spans and values of metrics of the whole round that did not arrive; below 0, spans that should not have.
    pub lost: i64,
}

/// Measures once, and prints what.
pub fn report(contender: Contender, row: Row, threads: usize) -> std::io::Result<()> {
    let subject = contender.set_up(row);
    let measured = serde_json::to_string(&measure(contender, &subject, row, threads))?;
    subject.end();
    writeln!(std::io::stdout().lock(), "{measured}")?;
    // Ends as it is: what a contender does at its end is not measured.
    std::process::exit(0)
}

/// Makes so many calls and nothing else, to be counted from outside.
pub fn run(contender: Contender, row: Row, calls: u64) {
    let subject = contender.set_up(row);
    // What is used again is there then, so that nothing depends on when another thread gives it back.
    subject.run(row.batch());
    subject.flush();
    counted(&subject, calls);
    subject.flush();
    subject.end();
    std::process::exit(0)
}

/// Where instructions are counted: the name is known to valgrind.
#[inline(never)]
fn counted(subject: &Subject, calls: u64) {
    subject.run(calls);
}

/// What one thread read around the calls of one batch.
struct Reading {
    began: Duration,
    ended: Duration,
    cpu: Duration,
    allocations: Allocations,
}

impl Reading {
    fn of(calls: impl FnOnce()) -> Self {
        let allocations = Allocations::of_this_thread();
        let (cpu, began) = (clock::thread_cpu(), clock::wall());
        calls();
        Self {
            began,
            ended: clock::wall(),
            cpu: clock::thread_cpu() - cpu,
            allocations: Allocations::of_this_thread().since(allocations),
        }
    }
}

/// What all threads read around all batches.
#[derive(Default)]
struct Total {
    cpu: Duration,
    wall: Duration,
    allocations: Allocations,
    /// From the first call of each batch to its last, whatever the thread.
    elapsed: Duration,
}

impl Total {
    /// Takes the readings of each thread, in the order of the batches.
    fn of(threads: &[Vec<Reading>]) -> Self {
        let mut total = Self::default();
        for reading in threads.iter().flatten() {
            total.cpu += reading.cpu;
            total.wall += reading.ended - reading.began;
            total.allocations += reading.allocations;
        }
        let batches = threads.first().map_or(0, Vec::len);
        for batch in 0..batches {
            let readings = || threads.iter().filter_map(|readings| readings.get(batch));
            let began = readings().map(|reading| reading.began).min().unwrap_or_default();
            let ended = readings().map(|reading| reading.ended).max().unwrap_or_default();
            total.elapsed += ended - began;
        }
        total
    }
}

fn measure(contender: Contender, subject: &Subject, row: Row, threads: usize) -> Measured {
    let share = row.batch() / threads as u64;
    let (crew, spans, values) = (Crew::new(threads), sink::spans(), sink::values());
    let processors = Processors::available();
    let work = |index: usize| {
        if row.threads().len() > 1 {
            processors.keep_to(index);
        }
        let (mut readings, mut process) = (Vec::new(), Duration::ZERO);
        for batch in 0..2 * row.batches() {
            crew.start();
            let reading = Reading::of(|| subject.run(share));
            crew.wait();
            if index == 0 {
                subject.flush();
            }
            match batch + 1 {
                warm_up if warm_up < row.batches() => {}
                warm if warm == row.batches() => process = clock::process_cpu(),
                _ => readings.push(reading),
            }
            crew.wait();
        }
        (readings, clock::process_cpu() - process)
    };
    let (readings, process) = thread::scope(|scope| {
        let work = &work;
        let others: Vec<_> = (1..threads).map(|index| scope.spawn(move || work(index).0)).collect();
        let (own, process) = work(0);
        let others = others.into_iter().map(|other| other.join().expect("a thread that does not panic"));
        (others.chain([own]).collect::<Vec<_>>(), process)
    });
    let total = Total::of(&readings);
    let figures = share * threads as u64 * row.batches() * row.figures();
    let each = |value: f64| value / figures as f64;
    let made = Made::in_round(contender, row, share * threads as u64, threads as u64);
    Measured {
        cpu: each(total.cpu.as_nanos() as f64),
        wall: each(total.wall.as_nanos() as f64),
        process: each(process.as_nanos() as f64),
        cores: total.cpu.as_secs_f64() / total.elapsed.as_secs_f64(),
        allocations: each(total.allocations.count as f64),
        bytes: each(total.allocations.bytes as f64),
        lost: made.spans + made.values - (sink::spans() - spans) - (sink::values() - values),
    }
}

/// What is to arrive of all batches of a round, those that warm up too.
struct Made {
    spans: i64,
    values: i64,
}

impl Made {
    fn in_round(contender: Contender, row: Row, calls: u64, threads: u64) -> Self {
        let parents = if row.has_parent() { threads } else { 0 };
        let all = |of_batch: u64, made: bool| if made { (of_batch * 2 * row.batches()) as i64 } else { 0 };
        Self {
            spans: all(calls * row.spans() + parents, contender.makes_spans()),
            values: all(calls * row.values(), contender.shows_values()),
        }
    }
}

/// Threads that work in step.
struct Crew {
    size: usize,
    ready: AtomicUsize,
    barrier: Barrier,
}

impl Crew {
    fn new(size: usize) -> Self {
        Self { size, ready: AtomicUsize::new(0), barrier: Barrier::new(size) }
    }

    /// Sleeps until all have come.
    fn wait(&self) {
        self.barrier.wait();
    }

    /// Stays awake until all have come, so that they begin together. Each is ready once more for each batch.
    fn start(&self) {
        let generation = self.ready.fetch_add(1, Ordering::AcqRel) / self.size + 1;
        while self.ready.load(Ordering::Acquire) < generation * self.size {
            thread::yield_now();
        }
    }
}
