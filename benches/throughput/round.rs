//! One round: every load on every contender once.

use std::io;

use serde_json::{Value, json};

use crate::contender::Contender;
use crate::sender::{self, Load, Outcome};

/// How many threads make spans.
pub const THREADS: [u32; 2] = [1, 2];
/// Spans per second at which CPU is compared: all contenders deliver them all.
pub const PACED: f64 = 100e3;
/// Between these the highest complete rate is looked for.
const SEARCHED: (f64, f64) = (20e3, 2560e3);
/// Each halves the distance, as a ratio: what is found is exact to 4 %.
const STEPS: u32 = 7;
/// The shares of a complete rate that are tried too: nothing is to be lost below it.
const BELOW: [f64; 2] = [0.9, 0.6];

pub struct Round {
    pub rows: Vec<Row>,
    /// Bytes per span that a full queue takes.
    pub memory: Vec<(Contender, f64)>,
}

/// One contender under all loads of so many threads.
pub struct Row {
    pub contender: Contender,
    pub threads: u32,
    /// Nanoseconds of CPU per span that the pace alone took, in this round.
    pub pace: f64,
    /// At the rate that all can do.
    pub paced: Outcome,
    /// As fast as spans can be made.
    pub unpaced: Outcome,
    /// The highest rate found at which everything arrived, and below which too: as it was reached, not as it was asked for.
    pub complete: f64,
    /// Below it.
    pub below: [Outcome; BELOW.len()],
}

impl Round {
    pub fn measure(index: usize) -> io::Result<Self> {
        let mut contenders = Contender::EXPORTING;
        contenders.rotate_left(index % Contender::EXPORTING.len());
        let mut rows = Vec::new();
        for threads in THREADS {
            let at = |contender, rate| sender::run(contender, Load { rate: Some(rate), threads });
            let pace = at(Contender::Nothing, PACED)?.cpu_per_span();
            let paced: Vec<_> =
                contenders.iter().map(|&contender| at(contender, PACED)).collect::<io::Result<_>>()?;
            for (contender, paced) in contenders.into_iter().zip(paced) {
                let unpaced = sender::run(contender, Load { rate: None, threads })?;
                let (complete, below) = highest_complete(contender, threads)?;
                rows.push(Row { contender, threads, pace, paced, unpaced, complete, below });
            }
        }
        let memory = |contender| Ok((contender, sender::queue_memory(contender)?));
        let memory = contenders.into_iter().map(memory).collect::<io::Result<_>>()?;
        Ok(Self { rows, memory })
    }

    pub fn json(&self) -> Value {
        let memory = self.memory.iter().map(|(contender, bytes)| (contender.name().to_owned(), json!(bytes)));
        json!({
            "rows": self.rows.iter().map(Row::json).collect::<Value>(),
            "queue_bytes_per_span": Value::Object(memory.collect()),
        })
    }
}

impl Row {
    fn json(&self) -> Value {
        json!({
            "contender": self.contender.name(),
            "threads": self.threads,
            "pace_cpu_ns_per_span": self.pace,
            "paced": self.paced.json(),
            "unpaced": self.unpaced.json(),
            "complete_per_second": self.complete,
            "below": self.below.iter().map(Outcome::json).collect::<Value>(),
        })
    }
}

/// Returns what became of the rates below it too: where something was lost, so it was below every rate that was tried.
fn highest_complete(contender: Contender, threads: u32) -> io::Result<(f64, [Outcome; BELOW.len()])> {
    let at = |rate| sender::run(contender, Load { rate: Some(rate), threads });
    let mut complete = search(at)?;
    let mut tries = 0;
    loop {
        let [below, far_below] = BELOW.map(|share| at(complete * share));
        let below = [below?, far_below?];
        tries += 1;
        if below.iter().all(Outcome::is_complete) || tries == STEPS {
            return Ok((complete, below));
        }
        complete *= BELOW[0];
    }
}

/// The highest rate at which everything arrives at least once.
fn search(at: impl Fn(f64) -> io::Result<Outcome>) -> io::Result<f64> {
    let (mut low, mut high) = SEARCHED;
    let mut reached = low;
    for _ in 0..STEPS {
        let rate = (low * high).sqrt();
        // Twice, because a process that is kept from running once is no limit of the rate.
        let outcome = Some(at(rate)?).filter(Outcome::is_complete).map_or_else(|| at(rate), Ok)?;
        if outcome.is_complete() {
            low = rate;
            reached = outcome.made_rate().max(reached);
        } else {
            high = rate;
        }
    }
    Ok(reached)
}
