//! One round: every load on every contender once.

use std::io;

use serde_json::{Value, json};

use crate::contender::Contender;
use crate::host;
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
const BELOW: f64 = 0.9;
const FAR_BELOW: f64 = 0.6;
/// How often a load is put on at most, where the host disturbs it.
const TRIES: u32 = 5;
/// How often a rate is lowered by as much as that before it counts though something was lost.
const LOWERINGS: u32 = 7;

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
    pub complete: Complete,
}

/// The highest rate found at which everything arrived, and below which too.
pub struct Complete {
    /// Spans per second: as they were made, not as they were asked for.
    pub rate: f64,
    /// Whether that was so, or the rate was lowered as often as may be.
    pub holds: bool,
    /// How often it was lowered, because something was lost at it or below it.
    pub lowered: u32,
    /// At nine tenths of it.
    pub below: Outcome,
}

impl Round {
    pub fn measure(index: usize) -> io::Result<Self> {
        let mut contenders = Contender::EXPORTING;
        contenders.rotate_left(index % Contender::EXPORTING.len());
        let mut rows = Vec::new();
        for threads in THREADS {
            let at = |contender, rate| run(contender, Load { rate: Some(rate), threads }, |_| false);
            let pace = at(Contender::Nothing, PACED)?.cpu_per_span();
            let paced: Vec<_> =
                contenders.iter().map(|&contender| at(contender, PACED)).collect::<io::Result<_>>()?;
            for (contender, paced) in contenders.into_iter().zip(paced) {
                let unpaced = run(contender, Load { rate: None, threads }, |_| false)?;
                let complete = highest_complete(contender, threads)?;
                rows.push(Row { contender, threads, pace, paced, unpaced, complete });
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
            "complete_per_second": self.complete.rate,
            "complete_holds": self.complete.holds,
            "complete_lowered": self.complete.lowered,
            "below": self.complete.below.json(),
        })
    }
}

/// The highest rate at which, and below which, nothing is lost.
fn highest_complete(contender: Contender, threads: u32) -> io::Result<Complete> {
    let at = |rate| run(contender, Load { rate: Some(rate), threads }, Outcome::is_complete);
    let mut rate = search(at)?;
    let mut lowered = 0;
    loop {
        let [same, below, far_below] = [1.0, BELOW, FAR_BELOW].map(|share| at(rate * share));
        let (same, below, far_below) = (same?, below?, far_below?);
        let holds = [same, below, far_below].iter().all(Outcome::is_complete);
        if holds || lowered == LOWERINGS {
            return Ok(Complete { rate: same.made_rate(), holds, lowered, below });
        }
        rate *= BELOW;
        lowered += 1;
    }
}

/// The highest rate at which everything arrives.
fn search(at: impl Fn(f64) -> io::Result<Outcome>) -> io::Result<f64> {
    let (mut low, mut high) = SEARCHED;
    let mut reached = low;
    for _ in 0..STEPS {
        let rate = (low * high).sqrt();
        let outcome = at(rate)?;
        if outcome.is_complete() {
            low = rate;
            reached = outcome.made_rate().max(reached);
        } else {
            high = rate;
        }
    }
    Ok(reached)
}

/// Puts a load on a contender; again where the host disturbed it, unless what came of it suffices.
fn run(contender: Contender, load: Load, suffices: impl Fn(&Outcome) -> bool) -> io::Result<Outcome> {
    let mut tries = 1;
    loop {
        let (outcome, is_undisturbed) = host::watched(|| sender::run(contender, load));
        let outcome = outcome?;
        if is_undisturbed || suffices(&outcome) {
            return Ok(outcome);
        }
        let name = contender.name();
        if tries == TRIES {
            eprintln!("{name}: a load counts though the host disturbed it each time");
            return Ok(outcome);
        }
        eprintln!("{name}: a load that the host disturbed is put on again");
        tries += 1;
    }
}
