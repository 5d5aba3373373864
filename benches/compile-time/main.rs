//! What annotations cost to compile: `cargo run --release -p cryostorm-benches --bin compile-time [-- ROUNDS]`.
//!
//! Each contender is a crate with the same 1000 functions, half of them async, all returning a `Result`; they differ in
//! the attributes only. Each round builds every crate once, in rotated order. The figures are medians over the rounds,
//! in seconds of CPU of the compiler and all that it starts.

mod contender;
mod cpu;
mod workspace;

use contender::{CONTENDERS, Contender};
use workspace::{Measured, Workspace};

fn main() -> std::io::Result<()> {
    let rounds = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(5_usize).clamp(1, 100);
    let workspace = Workspace::generate()?;
    eprintln!("building the dependencies");
    for contender in &CONTENDERS {
        workspace.measure(contender)?;
    }
    let mut measured: Vec<Vec<Measured>> = CONTENDERS.iter().map(|_| Vec::new()).collect();
    for round in 0..rounds {
        eprintln!("round {} of {rounds}", round + 1);
        for turn in 0..CONTENDERS.len() {
            let index = (round + turn) % CONTENDERS.len();
            measured[index].push(workspace.measure(&CONTENDERS[index])?);
        }
    }
    print(&measured.iter().map(|rounds| median(rounds)).collect::<Vec<_>>());
    Ok(())
}

fn median(rounds: &[Measured]) -> Measured {
    let of = |value: fn(&Measured) -> f64| {
        let mut values: Vec<f64> = rounds.iter().map(value).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    Measured { check: of(|m| m.check), release: of(|m| m.release), rlib: of(|m| m.rlib) }
}

fn print(medians: &[Measured]) {
    let of = |name: &str| {
        let index = CONTENDERS.iter().position(|contender| contender.name == name);
        medians[index.expect("a contender of that name")]
    };
    println!("{:<34}{:>9}{:>12}{:>10}", "1000 functions", "check, s", "release, s", "rlib, MB");
    for (Contender { name, .. }, Measured { check, release, rlib }) in CONTENDERS.iter().zip(medians) {
        println!("{name:<34}{check:>9.2}{release:>12.2}{rlib:>10.2}");
    }
    println!();
    for (ours, peer) in [("#[traced]", contender::FASTRACE), ("all three", contender::TRACING)] {
        let (ours, peer, names) = (of(ours), of(peer), format!("{ours} / {peer}"));
        println!(
            "{names:<34}{:>9.2}{:>12.2}{:>10.2}",
            ours.check / peer.check,
            ours.release / peer.release,
            ours.rlib / peer.rlib
        );
    }
}
