//! Attempts after the first, as the OTLP specification asks for them.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// An attempt that failed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Failure {
    pub(super) reason: String,
    pub(super) retry: Retry,
}

/// Whether another attempt may have more success.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Retry {
    Never,
    Soon,
    /// The server asks for at least this much time.
    After(Duration),
}

const MOST_RETRIES: u32 = 3;
const FIRST_DELAY: Duration = Duration::from_millis(100);
const LONGEST_DELAY: Duration = Duration::from_millis(1600);

/// Makes attempts until one succeeds, there were enough, or the next would come after `limit`. The error is why the last
/// one failed.
pub(super) async fn retried<T, A>(limit: Duration, mut attempt: impl FnMut() -> A) -> Result<T, String>
where
    A: Future<Output = Result<T, Failure>>,
{
    let start = Instant::now();
    let mut delay = FIRST_DELAY;
    let mut retries = 0;
    loop {
        let Failure { reason, retry } = match attempt().await {
            Ok(value) => return Ok(value),
            Err(failure) => failure,
        };
        let asked_for = match retry {
            Retry::Never => return Err(reason),
            Retry::Soon => Duration::ZERO,
            Retry::After(delay) => delay,
        };
        let wait = delay.max(asked_for).saturating_add(jitter());
        if retries == MOST_RETRIES || wait >= limit.saturating_sub(start.elapsed()) {
            return Err(reason);
        }
        sleep(wait).await;
        retries += 1;
        // A server that asked for more has the same difficulties as one that did not answer.
        delay = delay.max(asked_for).saturating_mul(2).min(LONGEST_DELAY.max(asked_for));
    }
}

/// Up to 100 ms, so that those who failed together do not come back together.
fn jitter() -> Duration {
    Duration::from_millis(RandomState::new().hash_one(()) % 101)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// Runs it in a time that passes by itself.
    fn run<F: Future>(future: F) -> F::Output {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        builder.enable_time().start_paused(true).build().unwrap().block_on(future)
    }

    /// How many attempts there are that all fail, and how long they take.
    fn attempts(limit: Duration, retry: Retry) -> (u32, Duration) {
        run(async {
            let (count, start) = (Cell::new(0), Instant::now());
            let outcome = retried::<(), _>(limit, || {
                count.set(count.get() + 1);
                async move { Err(Failure { reason: "no".to_owned(), retry }) }
            });
            assert_eq!(outcome.await, Err("no".to_owned()));
            (count.get(), start.elapsed())
        })
    }

    #[test]
    fn delays_double() {
        let (count, took) = attempts(SECOND * 30, Retry::Soon);
        assert_eq!(count, 4);
        assert!((700..=1003).contains(&took.as_millis()), "{took:?}");
    }

    #[test]
    fn what_cannot_get_better_is_not_tried_again() {
        assert_eq!(attempts(SECOND * 30, Retry::Never), (1, Duration::ZERO));
    }

    #[test]
    fn a_server_gets_the_time_that_it_asks_for() {
        let (count, took) = attempts(SECOND * 30, Retry::After(SECOND * 3));
        assert_eq!(count, 4);
        assert!(took >= SECOND * 9, "{took:?}");
    }

    #[test]
    fn no_attempt_is_waited_for_that_would_come_too_late() {
        assert_eq!(attempts(SECOND * 30, Retry::After(SECOND * 31)), (1, Duration::ZERO));
        assert_eq!(attempts(SECOND * 30, Retry::After(Duration::MAX)), (1, Duration::ZERO));
        let (count, took) = attempts(SECOND / 2, Retry::Soon);
        assert!(count < 4 && took < SECOND / 2, "{count} in {took:?}");
    }

    #[test]
    fn the_first_success_is_the_last_attempt() {
        let left = Cell::new(2);
        let outcome = run(retried(SECOND * 30, || {
            let now = left.replace(left.get() - 1);
            async move {
                if now == 0 { Ok(now) } else { Err(Failure { reason: String::new(), retry: Retry::Soon }) }
            }
        }));
        assert_eq!(outcome, Ok(0));
    }
}
