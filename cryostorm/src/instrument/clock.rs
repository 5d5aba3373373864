//! When a call began and how long it has been going on.

use std::cell::Cell;
use std::sync::OnceLock;
use std::time::SystemTime;

use quanta::Clock;

use super::unix_time::UnixTime;

static COUNTER: OnceLock<Counter> = OnceLock::new();

/// The processor's counter where it has one that can be relied on, else the operating system's clock. Neither ever goes
/// back.
#[derive(Debug)]
pub(crate) struct Counter {
    clock: Clock,
    /// The nanoseconds of 2^40 ticks: by a constant number of digits ticks are turned into time faster than `quanta` does.
    nanos: u64,
}

impl Counter {
    const DIGITS: u32 = 40;

    fn new() -> Self {
        let clock = Clock::new();
        let nanos = clock.delta_as_nanos(0, 1 << Self::DIGITS);
        Self { clock, nanos }
    }

    #[inline]
    fn raw(&self) -> u64 {
        self.clock.raw()
    }

    /// The nanoseconds from some ticks to others; none to those before.
    #[inline]
    fn nanos(&self, from: u64, to: u64) -> u64 {
        let nanos = (u128::from(to.saturating_sub(from)) * u128::from(self.nanos)) >> Self::DIGITS;
        u64::try_from(nanos).unwrap_or(u64::MAX)
    }
}

/// Learns how fast the counter is, unless that is known. Takes a millisecond or more, so it is done at installation.
pub(crate) fn calibrate() -> &'static Counter {
    COUNTER.get_or_init(Counter::new)
}

/// A moment by the counter, for durations that a step of the wall clock cannot turn negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ticks(u64);

impl Ticks {
    /// No moment: where nobody asks how long it takes.
    pub(crate) const STILL: Self = Self(0);

    /// Now.
    #[inline]
    pub(crate) fn now() -> Self {
        Self(calibrate().raw())
    }

    /// What the counter showed.
    #[inline]
    pub(crate) fn count(self) -> u64 {
        self.0
    }

    /// How many nanoseconds passed since; none where it stands still.
    #[inline]
    pub(crate) fn elapsed(self) -> u64 {
        if self == Self::STILL { 0 } else { self.until(Self::now()) }
    }

    /// How many nanoseconds lie between this moment and a later one; none where it stands still.
    #[inline]
    pub(crate) fn until(self, later: Self) -> u64 {
        if self == Self::STILL { 0 } else { calibrate().nanos(self.0, later.0) }
    }
}

thread_local! {
    /// Nothing of it is dropped, so that it is there as long as its thread.
    static WALL: WallClock = const { WallClock::new() };
}

/// The wall time at these ticks: see [`WallClock::at`].
#[inline(always)]
pub(crate) fn wall_time(ticks: Ticks) -> UnixTime {
    WallClock::with(|clock| clock.at(ticks))
}

/// What ticks are in wall time, for one thread.
///
/// The wall clock is read anew once in a while, so that its steps are followed and a counter that drifts is of no
/// consequence; in between, ticks are counted, which takes less than half the time.
#[derive(Debug)]
pub(crate) struct WallClock {
    ticks: Cell<u64>,
    /// The epoch before the first reading.
    wall: Cell<UnixTime>,
    /// The latest time that was told.
    latest: Cell<UnixTime>,
    /// When what is being ended ended.
    ending: Cell<Ticks>,
}

impl WallClock {
    /// How long a reading of the wall clock is good for. A step of it is seen after this time at the latest.
    const FRESH: u64 = 500_000;
    /// How long reading it may take, so that a thread that was interrupted reads again.
    const PROMPT: u64 = 500;

    /// What is further back than this is a step of the wall clock, and not one reading of it against another.
    const STEP: u64 = 1_000_000;
    /// How much of the time that passed the counter may be off by.
    const DRIFT: u64 = 1_000;

    const fn new() -> Self {
        Self {
            ticks: Cell::new(0),
            wall: Cell::new(UnixTime::EPOCH),
            latest: Cell::new(UnixTime::EPOCH),
            ending: Cell::new(Ticks::STILL),
        }
    }

    /// This thread's.
    #[inline(always)]
    pub(crate) fn with<R>(look: impl FnOnce(&Self) -> R) -> R {
        WALL.with(look)
    }

    /// The wall time at `ticks`, which is now. No sooner than what was told before, unless the wall clock was set back: a
    /// child begins and ends within its parent.
    #[inline]
    pub(crate) fn at(&self, ticks: Ticks) -> UnixTime {
        let counter = calibrate();
        let time = self.read(ticks.count(), &|from, to| counter.nanos(from, to), &mut || {
            // One right after the other: what lies between them, spans are behind the wall clock.
            let (wall, ticks) = (SystemTime::now(), counter.raw());
            (wall.into(), ticks)
        });
        self.no_sooner(time)
    }

    /// The wall time now, `nanos` after `start` by the counter.
    #[inline]
    pub(crate) fn end(&self, start: UnixTime, nanos: u64) -> UnixTime {
        if nanos < Self::FRESH { self.no_sooner(start.later(nanos)) } else { self.end_of_long(start, nanos) }
    }

    /// The end that somebody tells of what started by this clock, which may be ahead of theirs by as much as two readings
    /// differ: no sooner than the start for that reason.
    pub(crate) fn told(start: UnixTime, end: UnixTime) -> UnixTime {
        if end < start && start.since(end) < Self::STEP { start } else { end }
    }

    /// Has `end` end something as of `now`, whatever time it tells: OpenTelemetry's way to a span takes a [`SystemTime`] and
    /// nothing else, which costs more to make and to take apart than all the rest of its end.
    #[inline(always)]
    pub(super) fn end_at(&self, now: Ticks, end: impl FnOnce()) {
        self.ending.set(now);
        end();
        // Where the span had ended before, nobody took it.
        self.ending.set(Ticks::STILL);
    }

    /// What [`end_at`](Self::end_at) says that is being ended here.
    #[inline(always)]
    pub(crate) fn ending(&self) -> Option<Ticks> {
        Some(self.ending.replace(Ticks::STILL)).filter(|now| *now != Ticks::STILL)
    }

    /// Reads the wall clock, from which the counter may have drifted. A step of it is no part of a duration.
    #[cold]
    fn end_of_long(&self, start: UnixTime, nanos: u64) -> UnixTime {
        Self::drifted(start, nanos, self.at(Ticks::now()))
    }

    /// The end of a span by the counter, or what was `read` if they are as far apart as a drift may be.
    fn drifted(start: UnixTime, nanos: u64, read: UnixTime) -> UnixTime {
        let counted = start.later(nanos);
        let is_drift = read.nanos().abs_diff(counted.nanos()) < Self::STEP + nanos / Self::DRIFT;
        if is_drift { read.max(start) } else { counted }
    }

    #[inline]
    fn no_sooner(&self, time: UnixTime) -> UnixTime {
        let latest = self.latest.get();
        if latest > time && latest.since(time) < Self::STEP {
            return latest;
        }
        self.latest.set(time);
        time
    }

    /// `look` reads the wall clock and then the counter.
    #[inline]
    fn read(
        &self,
        ticks: u64,
        nanos: &impl Fn(u64, u64) -> u64,
        look: &mut impl FnMut() -> (UnixTime, u64),
    ) -> UnixTime {
        let age = nanos(self.ticks.get(), ticks);
        match self.wall.get() {
            wall if age < Self::FRESH && wall != UnixTime::EPOCH => wall.later(age),
            _ => self.read_anew(ticks, nanos, look),
        }
    }

    #[cold]
    fn read_anew(
        &self,
        ticks: u64,
        nanos: &impl Fn(u64, u64) -> u64,
        look: &mut impl FnMut() -> (UnixTime, u64),
    ) -> UnixTime {
        let (mut before, mut shortest) = (ticks, u64::MAX);
        for _ in 0..3 {
            let (wall, after) = look();
            let took = nanos(before, after);
            if took < shortest {
                self.wall.set(wall);
                self.ticks.set(after);
                shortest = took;
            }
            if took < Self::PROMPT {
                break;
            }
            before = after;
        }
        // The moment asked for was before that one.
        self.wall.get().sooner(nanos(ticks, self.ticks.get()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(nanos: u64) -> UnixTime {
        UnixTime::EPOCH.later(nanos)
    }

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
            let read = clock.read(ticks, &|from, to| to.saturating_sub(from), &mut || {
                self.now += 30;
                (time(self.wall()), self.ticks())
            });
            read.nanos()
        }
    }

    #[test]
    fn follows_the_wall_clock_through_drift_and_steps() {
        for step in [3_600_000_000_000, -3_600_000_000_000, 2_000_000] {
            let mut machine = Machine { now: 0, step: 0, drift_ppm: 200 };
            let clock = WallClock::new();
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

    const THEN: u64 = 1_700_000_000_000_000_000;
    const HOUR: u64 = 3_600_000_000_000;

    #[test]
    fn time_does_not_go_back_but_follows_a_step() {
        let clock = WallClock::new();
        let no_sooner = |nanos| clock.no_sooner(time(nanos)).nanos();
        assert_eq!(no_sooner(THEN), THEN);
        assert_eq!(no_sooner(THEN - 500), THEN);
        assert_eq!(no_sooner(THEN - HOUR), THEN - HOUR);
        assert_eq!(no_sooner(THEN - HOUR + 7), THEN - HOUR + 7);
    }

    #[test]
    fn a_child_ends_no_later_than_its_parent() {
        let clock = WallClock::new();
        // The child began at a newer reading of the wall clock, which was ahead of the counter.
        let child = clock.end(time(THEN + 10_000), 104_000).nanos();
        let parent = clock.end(time(THEN), 110_000).nanos();
        assert_eq!((child, parent), (THEN + 114_000, THEN + 114_000));
    }

    #[test]
    fn what_is_told_of_an_end_holds_but_for_what_clocks_differ_by() {
        let told = |end| WallClock::told(time(THEN), time(end)).nanos();
        assert_eq!([told(THEN + 7), told(THEN - 7), told(THEN - HOUR)], [THEN + 7, THEN, THEN - HOUR]);
    }

    #[test]
    fn what_nobody_took_is_no_end_of_something_else() {
        let clock = WallClock::new();
        clock.end_at(Ticks(7), || assert_eq!(clock.ending(), Some(Ticks(7))));
        clock.end_at(Ticks(8), || ());
        assert_eq!(clock.ending(), None);
    }

    #[test]
    fn a_long_span_ends_by_the_wall_clock_unless_that_was_set() {
        let end = |read| WallClock::drifted(time(THEN), HOUR, time(read)).nanos();
        for drift in [0, 360_000_000] {
            assert_eq!(end(THEN + HOUR + drift), THEN + HOUR + drift);
            assert_eq!(end(THEN + HOUR - drift), THEN + HOUR - drift);
        }
        for step in [10_000_000_000, HOUR] {
            assert_eq!(end(THEN + HOUR + step), THEN + HOUR);
            assert_eq!(end(THEN + HOUR - step), THEN + HOUR);
        }
        let short = WallClock::drifted(time(THEN), 600_000, time(THEN - 100_000));
        assert_eq!(short.nanos(), THEN, "no end before the start");
    }

    #[test]
    fn a_thread_that_was_interrupted_reads_again() {
        let clock = WallClock::new();
        let mut delays = [5_000_000, 30].into_iter();
        let mut now = 1_000_000;
        let read = clock.read(now, &|from, to| to.saturating_sub(from), &mut || {
            let wall = 7_000_000_000 + now;
            now += delays.next().unwrap();
            (time(wall), now)
        });
        assert!(read.nanos().abs_diff(7_001_000_000) < 100, "{read:?}");
    }
}
