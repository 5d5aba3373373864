//! When a call began and how long it has been going on.

use std::cell::Cell;
use std::sync::OnceLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use quanta::Clock as Counter;

use super::local;

/// The processor's counter where it has one that can be relied on, else the operating system's clock. Neither ever goes
/// back.
static COUNTER: OnceLock<Counter> = OnceLock::new();

/// Learns how fast the counter is, unless that is known. Takes a millisecond or more, so it is done at installation.
pub(crate) fn calibrate() -> &'static Counter {
    COUNTER.get_or_init(Counter::new)
}

/// A start in ticks, for durations that a step of the wall clock cannot turn negative, and in wall time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    /// 0 where it stands still.
    ticks: u64,
    /// Nanoseconds since the epoch; 0 where nobody asked.
    wall: u64,
}

impl Clock {
    /// One that stands still.
    pub(crate) const STILL: Self = Self { ticks: 0, wall: 0 };

    /// Starts it.
    pub(crate) fn start() -> Self {
        Self { ticks: calibrate().raw(), wall: 0 }
    }

    /// Finds out the wall time of the start, for a span that may have a parent in this process.
    pub(crate) fn tell_wall_time(&mut self, has_parent: bool) -> u64 {
        self.wall = local::wall_time(self.ticks, has_parent);
        self.wall
    }

    /// Nanoseconds since the epoch, where they were asked for.
    pub(crate) fn started_at(self) -> u64 {
        self.wall
    }

    pub(crate) fn ticks(self) -> u64 {
        self.ticks
    }

    /// How long it has been going on; nothing where it stands still.
    #[inline]
    pub(crate) fn elapsed(self) -> Duration {
        if self.ticks == 0 {
            return Duration::ZERO;
        }
        let counter = calibrate();
        Duration::from_nanos(counter.delta_as_nanos(self.ticks, counter.raw()))
    }

    /// The wall time at which something ends that took so long.
    pub(crate) fn end(self, elapsed: Duration) -> SystemTime {
        system_time(self.wall.saturating_add(whole_nanos(elapsed)))
    }
}

/// A time as the SDK has it.
pub(crate) fn system_time(unix_nanos: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_nanos(unix_nanos)
}

/// A time in nanoseconds since the epoch; what is before it is 0, and what comes after the year 2554 the end of time.
pub(crate) fn unix_nanos(time: SystemTime) -> u64 {
    whole_nanos(time.duration_since(UNIX_EPOCH).unwrap_or_default())
}

/// What is longer than 584 years counts as that.
#[inline]
pub(crate) fn whole_nanos(duration: Duration) -> u64 {
    duration.as_secs().saturating_mul(1_000_000_000).saturating_add(u64::from(duration.subsec_nanos()))
}

/// What ticks are in wall time, for one thread.
///
/// The wall clock is read anew once in a while, so that its steps are followed and a counter that drifts is of no
/// consequence; in between, ticks are counted, which takes less than half the time.
#[derive(Debug, Default)]
pub(super) struct WallClock {
    ticks: Cell<u64>,
    wall: Cell<u64>,
    /// The latest start of a span.
    latest: Cell<u64>,
}

impl WallClock {
    /// How long a reading of the wall clock is good for. A step of it is seen after this time at the latest.
    const FRESH: u64 = 500_000;
    /// How long reading it may take, so that a thread that was interrupted reads again.
    const PROMPT: u64 = 2_000;

    /// How much less than the latest start is a step of the wall clock, and not one reading of it against another.
    const STEP: u64 = 1_000_000;

    /// The wall time at `ticks`, which is now. No sooner than the latest one, where the span may have a parent that began
    /// on this thread, unless the wall clock was set back.
    pub(super) fn at(&self, ticks: u64, has_parent: bool) -> u64 {
        let counter = calibrate();
        let time = self.read(ticks, &|from, to| counter.delta_as_nanos(from, to), &mut || {
            let wall = unix_nanos(SystemTime::now());
            (wall, counter.raw())
        });
        self.no_sooner(time, has_parent)
    }

    fn no_sooner(&self, time: u64, has_parent: bool) -> u64 {
        let latest = self.latest.get();
        // What is further back is a step of the wall clock, which is to be followed.
        let is_behind = has_parent && time < latest && latest - time < Self::STEP;
        self.latest.set(if is_behind { latest } else { time });
        self.latest.get()
    }

    /// `look` reads the wall clock and then the counter.
    fn read(
        &self,
        ticks: u64,
        nanos: &impl Fn(u64, u64) -> u64,
        look: &mut impl FnMut() -> (u64, u64),
    ) -> u64 {
        let age = nanos(self.ticks.get(), ticks);
        if age < Self::FRESH && self.wall.get() != 0 {
            return self.wall.get() + age;
        }
        let mut before = ticks;
        for _ in 0..3 {
            let (wall, after) = look();
            self.wall.set(wall);
            self.ticks.set(after);
            if nanos(before, after) < Self::PROMPT {
                break;
            }
            before = after;
        }
        // The moment asked for was before that one.
        self.wall.get().saturating_sub(nanos(ticks, self.ticks.get()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A machine whose counter is off by some parts per million, and whose wall clock somebody sets.
    struct Machine {
        now: u64,
        step: i64,
        drift_ppm: u64,
    }

    impl Machine {
        fn ticks(&self) -> u64 {
            self.now + self.now / 1_000_000 * self.drift_ppm
        }

        fn wall(&self) -> u64 {
            (1_700_000_000_000_000_000 + self.now).saturating_add_signed(self.step)
        }

        fn read(&mut self, clock: &WallClock) -> u64 {
            let ticks = self.ticks();
            clock.read(ticks, &|from, to| to.saturating_sub(from), &mut || {
                self.now += 30;
                (self.wall(), self.ticks())
            })
        }
    }

    #[test]
    fn follows_the_wall_clock_through_drift_and_steps() {
        for step in [3_600_000_000_000, -3_600_000_000_000, 2_000_000] {
            let mut machine = Machine { now: 0, step: 0, drift_ppm: 200 };
            let clock = WallClock::default();
            let mut stepped_at = None;
            // An hour, in uneven strides of up to a few milliseconds.
            let mut stride = 0x9e37_79b9_u64;
            while machine.now < 3_600_000_000_000 {
                stride = stride.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                machine.now += stride >> 41;
                if stepped_at.is_none() && machine.now > 1_800_000_000_000 {
                    machine.step = step;
                    stepped_at = Some(machine.now);
                }
                let (asked, wall) = (machine.now, machine.wall());
                let error = machine.read(&clock).abs_diff(wall);
                let settled = stepped_at.is_none_or(|at| asked - at > 1_000_000);
                assert!(error < 1_000_000 || !settled, "{error} ns off at {asked}");
            }
        }
    }

    #[test]
    fn a_child_is_no_sooner_than_its_parent_but_follows_a_step() {
        let clock = WallClock::default();
        let (parent, hour) = (1_700_000_000_000_000_000, 3_600_000_000_000);
        assert_eq!(clock.no_sooner(parent, false), parent);
        assert_eq!(clock.no_sooner(parent - 500, true), parent);
        assert_eq!(clock.no_sooner(parent - 500, false), parent - 500, "it has no parent");
        assert_eq!(clock.no_sooner(parent - hour, true), parent - hour);
        assert_eq!(clock.no_sooner(parent - hour + 7, true), parent - hour + 7);
    }

    #[test]
    fn a_thread_that_was_interrupted_reads_again() {
        let clock = WallClock::default();
        let mut delays = [5_000_000, 30].into_iter();
        let mut now = 1_000_000;
        let time = clock.read(now, &|from, to| to.saturating_sub(from), &mut || {
            let wall = 7_000_000_000 + now;
            now += delays.next().unwrap();
            (wall, now)
        });
        assert!(time.abs_diff(7_001_000_000) < 100, "{time}");
    }
}
