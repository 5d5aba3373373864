//! The most traces in any second that are recorded because a remote span says so.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// In how many parts the limit is given out at most.
const PARTS: u32 = 64;
const SECOND: u64 = 1_000_000_000;

/// Admits so many in any second, whenever it begins, and as many at once.
///
/// What is admitted takes one place after the other, around and around, and a place is free again a second after it was
/// taken. For a large limit not the time of each place is kept but the latest of each part of them, which are given out
/// again together: so in the long run no less than 98 in a hundred of the limit are admitted.
#[derive(Debug)]
pub(super) struct RemoteLimit {
    since: Instant,
    per_second: u64,
    /// How many places a part has. The last may have fewer.
    in_part: u64,
    /// How many were admitted so far.
    admitted: AtomicU64,
    /// When the latest place of each part was taken, in nanoseconds; 0 before that.
    taken: Box<[AtomicU64]>,
}

impl RemoteLimit {
    pub(super) fn new(per_second: u32) -> Self {
        let in_part = per_second.div_ceil(PARTS).max(1);
        Self {
            since: Instant::now(),
            per_second: per_second.into(),
            in_part: in_part.into(),
            admitted: AtomicU64::new(0),
            taken: (0..per_second.div_ceil(in_part)).map(|_| AtomicU64::new(0)).collect(),
        }
    }

    /// Whether there is one more. Takes no lock and no memory.
    pub(super) fn admit(&self) -> bool {
        self.admit_at(self.since.elapsed())
    }

    /// Where the limit is reached, nothing is written, so that no thread waits for another.
    fn admit_at(&self, now: Duration) -> bool {
        // From one second on, so that what was never taken was taken long ago.
        let now = u64::try_from(now.as_nanos()).unwrap_or(u64::MAX).saturating_add(SECOND);
        let mut admitted = self.admitted.load(Ordering::Acquire);
        loop {
            let Some(place) = admitted.checked_rem(self.per_second) else { return false };
            let part = usize::try_from(place / self.in_part).ok().and_then(|part| self.taken.get(part));
            let Some(taken) = part else { return false };
            // A thread that read the clock before another did may come after it.
            let is_free =
                || now.checked_sub(taken.load(Ordering::Acquire)).is_some_and(|since| since >= SECOND);
            if place % self.in_part == 0 && !is_free() {
                return false;
            }
            let next = admitted.wrapping_add(1);
            // Before the place is counted, so that who comes around to it sees that it is taken.
            taken.fetch_max(now, Ordering::AcqRel);
            match self.admitted.compare_exchange(admitted, next, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => return true,
                Err(by_another) => admitted = by_another,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use proptest::prelude::*;

    use super::*;

    /// At which of these times one is admitted.
    fn admitted(limit: &RemoteLimit, millis: &[u64]) -> Vec<u64> {
        millis.iter().copied().filter(|millis| limit.admit_at(Duration::from_millis(*millis))).collect()
    }

    #[test]
    fn no_second_has_more_than_the_limit_wherever_it_begins() {
        let limit = RemoteLimit::new(3);
        let asked =
            [0, 900, 900, 900, 999, 1000, 1000, 1899, 1900, 1900, 1900, 1999, 2000, 9000, 9000, 9000, 9000];
        let expected = [0, 900, 900, 1000, 1900, 1900, 2000, 9000, 9000, 9000];
        assert_eq!(admitted(&limit, &asked), expected);
    }

    #[test]
    fn a_limit_of_none_admits_none() {
        assert!(admitted(&RemoteLimit::new(0), &[0, 5000]).is_empty());
    }

    #[test]
    fn a_clock_that_was_read_earlier_is_of_the_same_second() {
        assert_eq!(admitted(&RemoteLimit::new(1), &[5000, 4999, 3000, 5999, 6000]), [5000, 6000]);
    }

    #[test]
    fn what_is_kept_does_not_grow_with_the_limit() {
        let limit = RemoteLimit::new(u32::MAX);
        assert!(limit.taken.len() <= PARTS as usize && limit.admit());
    }

    #[test]
    fn threads_share_the_limit() {
        let limit = RemoteLimit::new(1000);
        let admitted: usize = std::thread::scope(|scope| {
            let count = || (0..1000).filter(|_| limit.admit_at(Duration::from_secs(5))).count();
            let threads = [(); 4].map(|()| scope.spawn(count));
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(admitted, 1000);
    }

    /// Who comes around to a place must see that it is taken.
    #[test]
    fn threads_that_ask_for_the_same_place_do_not_share_it() {
        let barrier = std::sync::Barrier::new(4);
        for round in 0..2_000 {
            let limit = RemoteLimit::new(1);
            assert!(limit.admit_at(Duration::from_secs(1)));
            let ask = || {
                barrier.wait();
                usize::from(limit.admit_at(Duration::from_secs(3)))
            };
            let admitted: usize = std::thread::scope(|scope| {
                let threads = [(); 4].map(|()| scope.spawn(ask));
                threads.into_iter().map(|thread| thread.join().unwrap()).sum()
            });
            assert_eq!(admitted, 1, "in round {round}");
        }
    }

    #[test]
    fn who_asks_all_the_time_is_given_almost_all_of_it() {
        for per_second in [1, 63, 64, 65, 1000] {
            let limit = RemoteLimit::new(per_second);
            let asked: Vec<u64> = (0..60_000).flat_map(|millis| [millis; 2]).collect();
            let (given, all) = (admitted(&limit, &asked).len(), 60 * per_second as usize);
            assert!((98 * all / 100..=all).contains(&given), "{given} of {all}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_asked_no_second_has_more_and_none_is_refused_for_nothing(
            per_second in 1..300_u32,
            pauses in prop::collection::vec(prop_oneof![Just(0_u64), 0..5_u64, 0..1500_u64], 1..2000),
        ) {
            let limit = RemoteLimit::new(per_second);
            let (mut now, mut latest) = (0, VecDeque::new());
            for pause in pauses {
                now += pause;
                latest.retain(|millis| now - *millis < 1000);
                if limit.admit_at(Duration::from_millis(now)) {
                    latest.push_back(now);
                    prop_assert!(latest.len() <= per_second as usize);
                } else {
                    prop_assert!(latest.len() + limit.in_part as usize > per_second as usize);
                }
            }
        }
    }
}
