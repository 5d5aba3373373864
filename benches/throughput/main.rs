//! How many spans a second arrive complete at an OTLP/gRPC receiver, and the CPU that each takes, cryostorm against the
//! SDK with the same memory for its queue: `cargo run --profile measure -p cryostorm-benches --bin throughput -- [--json FILE]
//! [--rounds N]`. A round takes some three minutes.
//!
//! Contender and receiver are processes of their own, new ones for each load. Each round puts every load on every
//! contender once, in rotated order; the figures are medians over the rounds. CPU is that of the whole process:
//! encoding and sending are part of it.

mod contender;
mod cpu;
#[path = "../host.rs"]
mod host;
mod message;
mod receiver;
mod report;
mod round;
mod sender;
#[path = "../statistics.rs"]
mod statistics;

use contender::Contender;
use report::Report;
use round::Round;
use sender::Load;

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["receive", attributes] => receiver::receive(number(attributes)),
        ["hold", contender, port] => sender::hold(named(contender), number(port)),
        ["send", contender, port, rate, threads] => {
            let rate = Some(number(rate)).filter(|rate| *rate > 0.0);
            sender::send(named(contender), number(port), Load { rate, threads: number(threads) });
        }
        _ => measure(&arguments)?,
    }
    Ok(())
}

fn measure(arguments: &[&str]) -> std::io::Result<()> {
    let (mut file, mut rounds) = (None, 5);
    for pair in arguments.chunks(2) {
        match pair {
            ["--json", path] => file = Some(*path),
            ["--rounds", count] => rounds = number::<usize>(count).max(1),
            _ => return Err(std::io::Error::other("throughput [--json FILE] [--rounds N]")),
        }
    }
    let mut measured = Vec::new();
    for index in 0..rounds {
        eprintln!("round {} of {rounds}", index + 1);
        measured.push(Round::measure(index)?);
    }
    let report = Report { rounds: measured };
    report.print();
    if let Some(path) = file {
        std::fs::write(path, format!("{:#}\n", report.json()))?;
    }
    Ok(())
}

fn number<T: std::str::FromStr>(text: &str) -> T {
    text.parse().unwrap_or_else(|_| panic!("{text:?} is not a number that fits"))
}

fn named(name: &str) -> Contender {
    *Contender::ALL.iter().find(|contender| contender.name() == name).expect("a contender of that name")
}
