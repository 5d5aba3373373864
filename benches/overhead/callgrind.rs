//! How many instructions a call takes on the calling thread: the same on every machine of one kind, however busy.
//!
//! Valgrind runs the contender with so many calls and with twice as many, and counts inside [`crate::measure::counted`] only.
//! What the second run took more is theirs, so that what is done once cancels.

use std::fs;
use std::io;
use std::process::{Command, Stdio};

use crate::row::Row;
use crate::table::Cell;

/// Calls of the shorter run: enough for tables and buffers to have their size, and few enough that the longer run needs no
/// more than a batch before it left to be used again.
fn calls(row: Row) -> u64 {
    (row.batch() / 8).min(500)
}

pub fn instructions(row: Row, cell: Cell) -> io::Result<f64> {
    let calls = calls(row);
    let (once, twice) = (count(row, cell, calls)?, count(row, cell, calls * 2)?);
    Ok((twice as f64 - once as f64) / (calls * row.figures()) as f64)
}

/// The instructions of the main thread.
fn count(row: Row, cell: Cell, calls: u64) -> io::Result<u64> {
    let directory = tempfile::tempdir()?;
    let output = directory.path().join("out");
    let status = Command::new("valgrind")
        .args([
            "--quiet",
            "--tool=callgrind",
            "--separate-threads=yes",
            "--toggle-collect=*measure::counted*",
        ])
        .arg(format!("--callgrind-out-file={}", output.display()))
        .arg(std::env::current_exe()?)
        .args(["--run", row.name(), cell.contender.name(), &calls.to_string()])
        .stdin(Stdio::null())
        .status()?;
    if !status.success() {
        return Err(io::Error::other(format!("{} does not run under valgrind", cell.contender.name())));
    }
    let main_thread = fs::read_to_string(directory.path().join("out-01"))?;
    let totals = main_thread.lines().rev().find_map(|line| line.strip_prefix("totals: "));
    totals
        .and_then(|total| total.trim().parse().ok())
        .ok_or_else(|| io::Error::other("callgrind wrote no totals"))
}
