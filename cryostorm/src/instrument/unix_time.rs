//! A wall time as it is counted and exported.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Nanoseconds since the epoch, which OTLP has too: to add to them and to compare them takes an instruction, with a
/// [`SystemTime`] some ten. What is before the epoch is the epoch, and what comes after the year 2554 the end of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct UnixTime(u64);

impl UnixTime {
    pub(crate) const EPOCH: Self = Self(0);

    #[inline]
    pub(crate) fn nanos(self) -> u64 {
        self.0
    }

    /// So many nanoseconds later.
    #[inline]
    pub(crate) fn later(self, nanos: u64) -> Self {
        Self(self.0.saturating_add(nanos))
    }

    /// So many nanoseconds sooner.
    pub(super) fn sooner(self, nanos: u64) -> Self {
        Self(self.0.saturating_sub(nanos))
    }

    /// The nanoseconds since another time; none where that is later.
    #[inline]
    pub(crate) fn since(self, other: Self) -> u64 {
        self.0.saturating_sub(other.0)
    }
}

impl From<SystemTime> for UnixTime {
    #[inline]
    fn from(time: SystemTime) -> Self {
        let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(since.as_secs().saturating_mul(1_000_000_000).saturating_add(u64::from(since.subsec_nanos())))
    }
}

impl From<UnixTime> for SystemTime {
    #[inline]
    fn from(time: UnixTime) -> Self {
        UNIX_EPOCH.checked_add(Duration::from_nanos(time.0)).unwrap_or(UNIX_EPOCH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_beyond_its_range_is_its_end() {
        assert_eq!(UnixTime::from(UNIX_EPOCH - Duration::from_secs(1)), UnixTime::EPOCH);
        let year_3000 = UNIX_EPOCH + Duration::from_secs(32_503_680_000);
        assert_eq!(UnixTime::from(year_3000).nanos(), u64::MAX);
        assert_eq!(UnixTime::from(year_3000).later(1).nanos(), u64::MAX);
    }

    #[test]
    fn turns_into_the_time_it_came_from() {
        let time = UNIX_EPOCH + Duration::new(1_700_000_000, 123_456_789);
        assert_eq!(SystemTime::from(UnixTime::from(time)), time);
    }
}
