//! Which thread runs where.

#[cfg(target_os = "linux")]
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// The processors that a thread may use.
#[cfg(target_os = "linux")]
pub struct Processors(CpuSet);

#[cfg(target_os = "linux")]
impl Processors {
    /// Those of this thread.
    pub fn available() -> Self {
        Self(sched_getaffinity(None).expect("every thread has some"))
    }

    /// Keeps this thread on one of them, another for each index. Threads that begin together and end soon would else often
    /// share one, whatever else is idle.
    pub fn keep_to(&self, index: usize) {
        let all: Vec<usize> = (0..CpuSet::MAX_CPU).filter(|processor| self.0.is_set(*processor)).collect();
        let mut own = CpuSet::new();
        own.set(all[index % all.len()]);
        sched_setaffinity(None, &own).expect("it is one of its own");
    }
}

/// Where the system does not let itself be told.
#[cfg(not(target_os = "linux"))]
pub struct Processors;

#[cfg(not(target_os = "linux"))]
impl Processors {
    pub fn available() -> Self {
        Self
    }

    pub fn keep_to(&self, _index: usize) {}
}
