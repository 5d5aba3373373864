//! The table, the targets and the JSON.

use serde_json::{Value, json};

use crate::contender::Contender;
use crate::round::{PACED, Round, Row, THREADS};
use crate::statistics::Spread;

pub struct Report {
    pub rounds: Vec<Round>,
}

/// What of a row is compared.
struct Figure {
    name: &'static str,
    of: fn(&Row) -> f64,
    /// What cryostorm's should be, as a multiple of a peer's.
    target: Option<Target>,
}

#[derive(Clone, Copy)]
enum Target {
    AtMost(f64),
    AtLeast(f64),
}

impl Target {
    fn is_met(self, ratio: f64) -> bool {
        match self {
            Self::AtMost(bound) => ratio <= bound,
            Self::AtLeast(bound) => ratio >= bound,
        }
    }
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AtMost(bound) => write!(f, "≤ {bound}"),
            Self::AtLeast(bound) => write!(f, "≥ {bound}"),
        }
    }
}

/// One figure that has a target, against one peer: the ratios of all rounds.
struct Comparison {
    figure: &'static str,
    threads: u32,
    peer: Contender,
    ratio: Spread,
    target: Target,
}

const FIGURES: [Figure; 9] = [
    Figure {
        name: "CPU ns per span, paced",
        of: |row| row.paced.cpu_per_span() - row.pace,
        target: Some(Target::AtMost(0.6)),
    },
    Figure { name: "the pace's own, taken off", of: |row| row.pace, target: None },
    Figure { name: "complete spans/s", of: |row| row.complete.rate, target: Some(Target::AtLeast(2.0)) },
    Figure { name: "lowered so many times", of: |row| f64::from(row.complete.lowered), target: None },
    Figure { name: "CPU ns per span at 0.9", of: |row| row.complete.below.cpu_per_span(), target: None },
    Figure {
        name: "the receiver's, there",
        of: |row| row.complete.below.receiver_cpu_per_span(),
        target: None,
    },
    Figure { name: "unpaced: made/s", of: |row| row.unpaced.made_rate(), target: None },
    Figure { name: "unpaced: arrived/s", of: |row| row.unpaced.arrived_rate(), target: None },
    Figure { name: "unpaced: lost, not said", of: |row| row.unpaced.unsaid() as f64, target: None },
];

impl Report {
    pub fn print(&self) {
        for threads in THREADS {
            let rounds = self.rounds.len();
            println!("threads: {threads}; paced: {PACED} spans/s; medians of {rounds} rounds");
            self.print_table(threads);
            println!();
        }
        println!("a full queue");
        for contender in Contender::EXPORTING {
            let memory = self.rounds.iter().flat_map(|round| &round.memory);
            let bytes = Spread::of(memory.filter(|(of, _)| *of == contender).map(|(_, bytes)| *bytes)).median;
            let (queue, name) = (contender.queue(), contender.name());
            let megabytes = bytes * queue as f64 / 1e6;
            println!("  {name:<26}{queue:>8} spans{megabytes:>8.1} MB{bytes:>8.0} bytes per span");
        }
        println!();
        println!("cryostorm over a peer in the same round: median and quartiles");
        for Comparison { figure, threads, peer, ratio, target } in self.comparisons() {
            let met = if target.is_met(ratio.median) { "met" } else { "NOT MET" };
            let (Spread { lower_quartile: low, median, upper_quartile: high }, peer) = (ratio, peer.name());
            println!(
                "  {figure:<26}threads: {threads}{peer:>22}{median:>8.2} ({low:.2} to {high:.2}), {target}: {met}"
            );
        }
        println!();
        println!(
            "complete rates at which or below which spans were lost all the same; target: none of cryostorm's"
        );
        for contender in Contender::EXPORTING {
            let (lossy, all) = self.lossy(contender);
            println!("  {:<26}{lossy} of {all}", contender.name());
        }
    }

    fn print_table(&self, threads: u32) {
        let names = Contender::EXPORTING.map(|contender| format!("{:>22}", contender.name()));
        println!("  {:<26}{}", "", names.concat());
        for figure in &FIGURES {
            let columns = Contender::EXPORTING.map(|contender| {
                let median = Spread::of(self.each(contender, threads, figure)).median;
                format!("{median:>22.2}")
            });
            println!("  {:<26}{}", figure.name, columns.concat());
        }
    }

    pub fn json(&self) -> Value {
        let comparisons = self.comparisons().into_iter().map(|it| {
            json!({
                "figure": it.figure,
                "threads": it.threads,
                "peer": it.peer.name(),
                "ratio": it.ratio.median,
                "quartiles": [it.ratio.lower_quartile, it.ratio.upper_quartile],
                "target": it.target.to_string(),
                "met": it.target.is_met(it.ratio.median),
            })
        });
        json!({
            "paced_per_second": PACED,
            "comparisons": comparisons.collect::<Value>(),
            "lossy": self.lossy(Contender::Cryostorm).0,
            "rounds": self.rounds.iter().map(Round::json).collect::<Value>(),
        })
    }

    fn comparisons(&self) -> Vec<Comparison> {
        let mut comparisons = Vec::new();
        for (figure, target) in FIGURES.iter().filter_map(|figure| Some((figure, figure.target?))) {
            for threads in THREADS {
                for peer in [Contender::Sdk, Contender::SdkBare] {
                    let peers = self.each(peer, threads, figure);
                    let pairs = self.each(Contender::Cryostorm, threads, figure).zip(peers);
                    let ratio = Spread::of(pairs.map(|(ours, theirs)| ours / theirs));
                    comparisons.push(Comparison { figure: figure.name, threads, peer, ratio, target });
                }
            }
        }
        comparisons
    }

    /// How many of a contender's complete rates are none, and of how many.
    fn lossy(&self, contender: Contender) -> (usize, usize) {
        let rows = self.rounds.iter().flat_map(|round| &round.rows);
        let of_it = rows.filter(|row| row.contender == contender);
        (of_it.clone().filter(|row| !row.complete.holds).count(), of_it.count())
    }

    /// One figure of each round.
    fn each(&self, contender: Contender, threads: u32, figure: &Figure) -> impl Iterator<Item = f64> {
        let rows = self.rounds.iter().flat_map(|round| &round.rows);
        rows.filter(move |row| row.contender == contender && row.threads == threads).map(figure.of)
    }
}
