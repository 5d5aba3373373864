//! The CPU that this process has used, all its threads together, those that have ended too.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

pub fn of_process() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs() as u32)
}
