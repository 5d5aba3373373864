//! The printed tables, and the JSON.

use serde_json::{Value, json};

use crate::contender::Contender;
use crate::measure::Measured;
use crate::statistics::Spread;
use crate::table::{Cell, Figure, Measurement, Samples};
use crate::targets::{Against, TARGETS, Target};

const CPU: Figure = |measured: &Measured| measured.cpu;

/// The figures of a call, by their names.
const FIGURES: [(&str, Figure); 6] = [
    ("cpu_ns", CPU),
    ("wall_ns", |measured| measured.wall),
    ("process_cpu_ns", |measured| measured.process),
    ("cores", |measured| measured.cores),
    ("allocations", |measured| measured.allocations),
    ("bytes", |measured| measured.bytes),
];

pub fn print_row(measurement: &Measurement) {
    println!("\n{}: {}", measurement.row.name(), measurement.row.title());
    println!(
        "{:<20}{:>10}{:>10}{:>12}{:>7}{:>9}{:>9}{:>7}{:>8}   cryostorm / it (quartiles)",
        "", "CPU, ns", "wall, ns", "process, ns", "cores", "allocs", "bytes", "lost", "instr."
    );
    for samples in &measurement.cells {
        let [cpu, wall, process, cores, allocations, bytes] =
            FIGURES.map(|(_, figure)| samples.spread(figure).median);
        println!(
            "{:<20}{:>10}{:>10}{:>12}{:>7}{:>9}{:>9}{:>7}{:>8}   {}",
            name(samples.cell),
            digits(cpu, 1),
            digits(wall, 1),
            digits(process, 1),
            digits(cores, 2),
            digits(allocations, 2),
            digits(bytes, 0),
            samples.lost(),
            digits(samples.instructions.unwrap_or(f64::NAN), 0),
            ours(measurement, samples.cell).map_or(String::new(), text)
        );
    }
    if measurement.disturbed > 0 {
        println!("{} rounds more that the host disturbed do not count", measurement.disturbed);
    }
}

pub fn print_targets(measurements: &[Measurement]) {
    println!("\n{:<30}{:<38}{:>8}{:>18}{:>8}{:>9}", "target", "", "median", "quartiles", "instr.", "at most");
    for target in &TARGETS {
        let Some(reached) = Reached::of(target, measurements) else { continue };
        let Spread { lower_quartile, median, upper_quartile } = reached.figure;
        println!(
            "{:<30}{:<38}{:>8}{:>18}{:>8}{:>9.2}  {}",
            target.row.name(),
            sides(target),
            digits(median, 2),
            format!("{} - {}", digits(lower_quartile, 2), digits(upper_quartile, 2)),
            digits(reached.instructions.unwrap_or(f64::NAN), 2),
            target.at_most,
            match reached.meets(target) {
                Some(true) => "met",
                Some(false) => "not met",
                None => "unknown",
            }
        );
    }
}

pub fn json(rounds: usize, measurements: &[Measurement]) -> Value {
    let rows: Vec<Value> = measurements
        .iter()
        .map(|measurement| {
            let cells: Vec<Value> =
                measurement.cells.iter().map(|samples| cell(measurement, samples)).collect();
            json!({
                "row": measurement.row.name(),
                "title": measurement.row.title(),
                "disturbed": measurement.disturbed,
                "cells": cells,
            })
        })
        .collect();
    let targets: Vec<Value> = TARGETS
        .iter()
        .filter_map(|target| {
            let reached = Reached::of(target, measurements)?;
            Some(json!({
                "row": target.row.name(),
                "of": sides(target),
                "reached": reached.figure,
                "instructions": reached.instructions,
                "at_most": target.at_most,
                "met": reached.meets(target),
            }))
        })
        .collect();
    json!({ "rounds": rounds, "rows": rows, "targets": targets })
}

fn cell(measurement: &Measurement, samples: &Samples) -> Value {
    let figures: serde_json::Map<String, Value> =
        FIGURES.iter().map(|(name, figure)| ((*name).to_owned(), json!(samples.spread(*figure)))).collect();
    json!({
        "contender": samples.cell.contender.name(),
        "threads": samples.cell.threads,
        "figures": figures,
        "lost": samples.lost(),
        "instructions": samples.instructions,
        "cryostorm_ratio": ours(measurement, samples.cell),
    })
}

/// Our CPU time on the calling thread against a cell's, on as many threads.
fn ours(measurement: &Measurement, cell: Cell) -> Option<Spread> {
    let ours = Cell::of(Contender::Cryostorm, cell.threads);
    if cell == ours { None } else { measurement.ratio(ours, cell, false, CPU) }
}

/// What was reached of a target: the figure, and where it is a ratio, that of the instructions.
struct Reached {
    figure: Spread,
    instructions: Option<f64>,
    /// Whether there were rounds, and a core for each thread in them.
    holds: bool,
}

impl Reached {
    fn of(target: &Target, measurements: &[Measurement]) -> Option<Self> {
        let measurement = measurements.iter().find(|measurement| measurement.row == target.row)?;
        let ours = measurement.cell(target.ours)?;
        let ratio = |peer, over_plain| {
            let instructions = measurement.instructions(target.ours, peer, over_plain);
            Some((measurement.ratio(target.ours, peer, over_plain, CPU)?, instructions))
        };
        let (figure, instructions) = match target.against {
            Against::Peer(peer) => ratio(peer, false)?,
            Against::PeerOverPlain(peer) => ratio(peer, true)?,
            Against::Nothing(_, figure) => (ours.spread(figure), None),
        };
        let peer = match target.against {
            Against::Peer(peer) | Against::PeerOverPlain(peer) => measurement.cell(peer),
            Against::Nothing(..) => None,
        };
        let holds = [ours].into_iter().chain(peer).all(had_cores) && !figure.median.is_nan();
        Some(Self { figure, instructions, holds })
    }

    /// To the two digits that are printed.
    fn meets(&self, target: &Target) -> Option<bool> {
        self.holds.then_some(self.figure.median < target.at_most + 0.005)
    }
}

/// The exporters take their part of the cores too; threads that shared one core have at most one.
fn had_cores(samples: &Samples) -> bool {
    let (threads, cores) = (samples.cell.threads, samples.spread(|measured| measured.cores).median);
    threads == 1 || cores > 0.6 * threads as f64
}

fn sides(target: &Target) -> String {
    let ours = name(target.ours);
    match target.against {
        Against::Peer(peer) => format!("{ours} / {}", name(peer)),
        Against::PeerOverPlain(peer) => format!("{ours} / {}, over plain", name(peer)),
        Against::Nothing(figure, _) => format!("{ours}: {figure}"),
    }
}

fn name(cell: Cell) -> String {
    match cell.threads {
        1 => cell.contender.name().to_owned(),
        threads => format!("{} x{threads}", cell.contender.name()),
    }
}

fn text(spread: Spread) -> String {
    let Spread { lower_quartile, median, upper_quartile } = spread;
    format!("{} ({} - {})", digits(median, 3), digits(lower_quartile, 3), digits(upper_quartile, 3))
}

/// What was not measured is not a number.
fn digits(value: f64, places: usize) -> String {
    if value.is_nan() { "-".to_owned() } else { format!("{value:.places$}") }
}
