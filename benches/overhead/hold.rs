//! Holds the instructions that our own calls take, so that what makes them dearer is seen when it comes in.

use std::collections::BTreeMap;
use std::fs;
use std::io;

use crate::callgrind;
use crate::contender::Contender;
use crate::row::{ROWS, Row};
use crate::table::Cell;

/// By how much a count may differ from the one written down: libraries of the system differ a little.
const TOLERANCE: f64 = 0.05;

/// Counts, and compares with the file, or writes it where the environment says `INSTRUCTIONS=overwrite`. False if a call
/// takes more than it says, or so much less that the file is of no use any more.
pub fn hold(file: &str) -> io::Result<bool> {
    let counted = count()?;
    if std::env::var("INSTRUCTIONS").is_ok_and(|what| what == "overwrite") {
        fs::write(file, serde_json::to_string_pretty(&counted)? + "\n")?;
        return Ok(true);
    }
    let held: BTreeMap<String, u64> = serde_json::from_slice(&fs::read(file)?)?;
    let mut holds = held.keys().eq(counted.keys());
    if !holds {
        println!("{file} has other rows than there are");
    }
    for (row, &instructions) in &counted {
        let Some(&before) = held.get(row) else { continue };
        let change = instructions as f64 / before as f64 - 1.0;
        let is_held = change.abs() <= TOLERANCE;
        holds &= is_held;
        let mark = if is_held { "" } else { "  differs" };
        println!("{row:<30}{instructions:>8}{:>+8.1} %{mark}", change * 100.0);
    }
    if !holds {
        println!("if that is meant, run it once with INSTRUCTIONS=overwrite");
    }
    Ok(holds)
}

fn count() -> io::Result<BTreeMap<String, u64>> {
    // The parts of an error's event are freed by another thread, so that what the next takes depends on when.
    let alone = ROWS.into_iter().filter(|row| row.threads() == [1] && *row != Row::Error);
    let ours = alone.flat_map(|row| {
        let contenders = row.contenders().iter().filter(|contender| contender.is_held());
        contenders.map(move |contender| (row, *contender))
    });
    ours.map(|(row, contender)| {
        let name = match contender {
            Contender::Cryostorm => row.name().to_owned(),
            other => format!("{}-{}", row.name(), other.name()),
        };
        Ok((name, instructions(row, contender)?))
    })
    .collect()
}

fn instructions(row: Row, contender: Contender) -> io::Result<u64> {
    callgrind::instructions(row, Cell::of(contender, 1)).map(|count| count.round() as u64)
}
