//! What an instrumented call costs, against its peers in the same run:
//! `cargo run --profile measure -p cryostorm-benches --bin overhead -- [--json FILE] [--rounds N] [--only ROW] [--callgrind]`.
//!
//! `measure` is `release` with the libraries inlined into each other, all of them alike; `--release` does too, and shows
//! more of what a program pays that is not built so.
//!
//! Each row is a kind of call, and each contender makes it in a process of its own, a new one for each round. A round
//! measures every contender of a row once, in rotated order. The figures are medians over the rounds; a ratio is the median
//! of those of each round, with its quartiles. `--only` takes the rows whose names begin so; `--callgrind` counts
//! instructions too, with valgrind, and `--rounds 0` nothing else. `--hold FILE` counts the instructions of our own calls
//! only, and fails where they differ from what the file says.

mod allocations;
mod callgrind;
mod clock;
mod contender;
mod hold;
#[path = "../host.rs"]
mod host;
mod measure;
mod process;
mod processors;
mod report;
mod row;
mod sink;
#[path = "../statistics.rs"]
mod statistics;
mod table;
mod targets;

use std::io;
use std::process::ExitCode;

use contender::Contender;
use row::{ROWS, Row};
use table::Measurement;

const USAGE: &str = "overhead [--json FILE] [--rounds N] [--only ROW] [--callgrind] | --hold FILE";

fn main() -> io::Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        // How the benchmark calls itself.
        ["--measure", row, contender, threads] => {
            let (row, contender) = subject(row, contender)?;
            measure::report(contender, row, number(threads)?)?;
        }
        ["--run", row, contender, calls] => {
            let (row, contender) = subject(row, contender)?;
            measure::run(contender, row, number(calls)?);
        }
        ["--hold", file] => {
            if !hold::hold(file)? {
                return Ok(ExitCode::FAILURE);
            }
        }
        _ => match Options::read(arguments) {
            Some(options) => compare(&options)?,
            None => {
                eprintln!("{USAGE}\nrows: {}", ROWS.map(Row::name).join(", "));
                return Ok(ExitCode::FAILURE);
            }
        },
    }
    Ok(ExitCode::SUCCESS)
}

struct Options {
    json: Option<String>,
    rounds: usize,
    only: String,
    callgrind: bool,
}

impl Options {
    fn read(arguments: Vec<String>) -> Option<Self> {
        let mut options = Self { json: None, rounds: 21, only: String::new(), callgrind: false };
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--json" => options.json = Some(arguments.next()?),
                "--rounds" => options.rounds = arguments.next()?.parse().ok()?,
                "--only" => options.only = arguments.next()?,
                "--callgrind" => options.callgrind = true,
                _ => return None,
            }
        }
        ROWS.iter().any(|row| row.name().starts_with(&options.only)).then_some(options)
    }
}

fn compare(options: &Options) -> io::Result<()> {
    print_machine()?;
    let mut measurements = Vec::new();
    for row in ROWS.into_iter().filter(|row| row.name().starts_with(&options.only)) {
        let measurement = Measurement::take(row, options.rounds, options.callgrind)?;
        report::print_row(&measurement);
        measurements.push(measurement);
    }
    report::print_targets(&measurements);
    if let Some(file) = &options.json {
        std::fs::write(file, serde_json::to_vec_pretty(&report::json(options.rounds, &measurements))?)?;
    }
    Ok(())
}

/// Threads that share a core do not get into each other's way, so the rows with several need an idle machine. The column
/// `cores` says how many they had; with fewer than they need, whether a target is met is unknown.
fn print_machine() -> io::Result<()> {
    let cores = std::thread::available_parallelism()?;
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("{cores} cores, load before the start {}", load.split(' ').next().unwrap_or_default());
    Ok(())
}

fn subject(row: &str, contender: &str) -> io::Result<(Row, Contender)> {
    Row::named(row)
        .zip(Contender::named(contender))
        .ok_or_else(|| io::Error::other("no such row or contender"))
}

fn number<N: std::str::FromStr>(text: &str) -> io::Result<N> {
    text.parse().map_err(|_| io::Error::other("not a number"))
}
