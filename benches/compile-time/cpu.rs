//! How much CPU the programs that this one ran have used.

use std::time::Duration;

/// The clock ticks of Linux, as `/proc` counts them.
const TICKS_PER_SECOND: u64 = 100;

/// The CPU time of all children that were waited for, and of theirs.
pub fn of_children() -> std::io::Result<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The second field is the program's name in parentheses, which may hold anything; `cutime` and `cstime` are the
    // fourteenth and fifteenth field after it.
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields).split_whitespace();
    let ticks: u64 = fields.skip(13).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Ok(Duration::from_millis(ticks * 1000 / TICKS_PER_SECOND))
}
