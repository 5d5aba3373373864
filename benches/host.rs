//! What the host of a virtual machine takes of its processors, for benchmarks that leave out what it disturbed.

use std::fs;

/// Above this share of the processors' time, what was measured meanwhile is more the host's doing than the program's.
const DISTURBING: f64 = 0.02;

/// Does some work, and says whether the host left it the processors. It does where nothing is known of a host.
pub fn watched<T>(work: impl FnOnce() -> T) -> (T, bool) {
    let before = Times::read();
    let done = work();
    let taken = before.zip(Times::read()).map_or(0.0, |(before, after)| after.taken_since(&before));
    (done, taken <= DISTURBING)
}

/// Of all processors together, since the system started.
struct Times {
    all: u64,
    taken: u64,
}

impl Times {
    fn read() -> Option<Self> {
        let stat = fs::read_to_string("/proc/stat").ok()?;
        let (_, times) = stat.lines().next()?.split_once("cpu ")?;
        // user, nice, system, idle, iowait, irq, softirq, steal; what guests of our own take is part of the first two.
        let times: Vec<u64> = times.split_whitespace().take(8).map_while(|time| time.parse().ok()).collect();
        Some(Self { all: times.iter().sum(), taken: *times.get(7)? })
    }

    fn taken_since(&self, before: &Self) -> f64 {
        let (taken, all) = (self.taken.saturating_sub(before.taken), self.all.saturating_sub(before.all));
        taken as f64 / all.max(1) as f64
    }
}
