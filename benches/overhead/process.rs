//! A measuring process. What a contender installs is global, so each has a process of its own, and a new one in each
//! round: where its stack and its memory lie, which some calls feel, is then another each time.

use std::io;
use std::process::{Command, Stdio};

use crate::measure::Measured;
use crate::row::Row;
use crate::table::Cell;

pub fn measure(row: Row, cell: Cell) -> io::Result<Measured> {
    let output = Command::new(std::env::current_exe()?)
        .args(["--measure", row.name(), cell.contender.name(), &cell.threads.to_string()])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(io::Error::other(format!("a measuring process ended with {}", output.status)));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
