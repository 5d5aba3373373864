//! The buckets of distributions.

use std::sync::Arc;

use cryostorm_exporter::MetricName;
use rustc_hash::FxHashMap;

use crate::instrument::DURATION_BOUNDS;

/// The most bounds of one distribution: far more than are of use, so that a mistake does not cost its memory.
const MOST: usize = 1024;

/// The upper bounds of a distribution's buckets, each of which takes what is at most its bound. What is greater than the
/// last bound is in a bucket of its own. Clones are cheap.
///
/// The default is that of OpenTelemetry's conventions for durations in seconds: 5 ms to 10 s.
///
/// ```
/// use cryostorm::telemetry_exporter::Buckets;
///
/// let sizes = Buckets::new([1024.0, 65_536.0, 1_048_576.0])?;
/// assert_eq!(sizes.bounds().len(), 3);
/// assert_eq!(
///     Buckets::new([1.0, 0.5]).unwrap_err().to_string(),
///     "the bucket bound 0.5 comes after 1: accepted are up to 1024 finite numbers that rise",
/// );
/// # Ok::<(), cryostorm::telemetry_exporter::InvalidBuckets>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Buckets(Arc<[f64]>);

/// Bounds that are no [`Buckets`]: which one, and what is accepted.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidBuckets {
    /// NaN or an infinity.
    #[error("the bucket bound {0} is not finite: accepted are up to {MOST} finite numbers that rise")]
    NotFinite(f64),
    /// A bound that is not greater than the one before it.
    #[error(
        "the bucket bound {bound} comes after {before}: accepted are up to {MOST} finite numbers that rise"
    )]
    NotRising {
        /// The bound.
        bound: f64,
        /// The one before it.
        before: f64,
    },
    /// More bounds than are accepted.
    #[error("there are {0} bucket bounds: accepted are up to {MOST} finite numbers that rise")]
    TooMany(usize),
}

impl Buckets {
    /// Those with these bounds; with none, one bucket takes everything.
    ///
    /// # Errors
    ///
    /// [`InvalidBuckets`] if they are not finite, do not rise, or are more than 1024.
    pub fn new(bounds: impl Into<Vec<f64>>) -> Result<Self, InvalidBuckets> {
        let bounds = bounds.into();
        if bounds.len() > MOST {
            return Err(InvalidBuckets::TooMany(bounds.len()));
        }
        if let Some(bound) = bounds.iter().find(|bound| !bound.is_finite()) {
            return Err(InvalidBuckets::NotFinite(*bound));
        }
        for pair in bounds.windows(2) {
            if let &[before, bound] = pair
                && bound <= before
            {
                return Err(InvalidBuckets::NotRising { bound, before });
            }
        }
        Ok(Self(bounds.into()))
    }

    /// The bounds.
    #[must_use]
    pub fn bounds(&self) -> &[f64] {
        &self.0
    }

    /// The bucket that takes a value.
    pub(super) fn index(&self, value: f64) -> usize {
        self.0.partition_point(|bound| *bound < value)
    }

    /// The least and the greatest value of a bucket.
    pub(super) fn range(&self, index: usize) -> (f64, f64) {
        let below = index.checked_sub(1).and_then(|below| self.0.get(below));
        (below.map_or(f64::MIN, |below| below.next_up()), self.0.get(index).copied().unwrap_or(f64::MAX))
    }
}

impl Default for Buckets {
    fn default() -> Self {
        Self(DURATION_BOUNDS.into())
    }
}

/// Which buckets a distribution gets.
#[derive(Clone, Debug, Default)]
pub(super) struct BucketChoice {
    pub(super) usual: Buckets,
    pub(super) of: FxHashMap<MetricName, Buckets>,
}

impl BucketChoice {
    pub(super) fn get(&self, metric: &MetricName) -> &Buckets {
        self.of.get(metric).unwrap_or(&self.usual)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_belongs_to_the_bucket_below_it() {
        let buckets = Buckets::new([0.0, 1.0]).unwrap();
        assert_eq!([-1.0, 0.0, 0.5, 1.0, 1.5].map(|value| buckets.index(value)), [0, 0, 1, 1, 2]);
        for value in [-1.0, 0.0, f64::MIN_POSITIVE, 1.0, 1.5, f64::MAX, f64::MIN] {
            let (least, greatest) = buckets.range(buckets.index(value));
            assert!((least..=greatest).contains(&value), "{value}");
        }
    }

    #[test]
    fn bounds_are_checked() {
        assert_eq!(Buckets::new([0.5, 0.5]), Err(InvalidBuckets::NotRising { bound: 0.5, before: 0.5 }));
        assert!(matches!(Buckets::new([f64::NAN]), Err(InvalidBuckets::NotFinite(_))));
        assert_eq!(Buckets::new([1.0, f64::INFINITY]), Err(InvalidBuckets::NotFinite(f64::INFINITY)));
        assert_eq!(Buckets::new(vec![0.0; MOST + 1]), Err(InvalidBuckets::TooMany(MOST + 1)));
        assert_eq!(Buckets::new([]).unwrap().index(7.0), 0);
    }
}
