//! The buckets of a histogram, and how the SDK is told what is in them.

use super::extremes::Seen;

/// How many values, and their sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Measured {
    pub(super) count: u64,
    pub(super) sum: u64,
}

impl Measured {
    pub(super) const NOTHING: Self = Self { count: 0, sum: 0 };

    pub(super) fn since(self, before: Self) -> Self {
        Self { count: self.count.wrapping_sub(before.count), sum: self.sum.wrapping_sub(before.sum) }
    }

    /// Without one of the values.
    fn without(self, value: u64) -> Option<Self> {
        Some(Self { count: self.count.checked_sub(1)?, sum: self.sum.checked_sub(value)? })
    }

    /// Whether there are as many values of that sum between the two.
    fn fits(self, least: u64, greatest: u64) -> bool {
        let (count, sum) = (u128::from(self.count), u128::from(self.sum));
        u128::from(least) * count <= sum && sum <= u128::from(greatest) * count
    }

    /// As many whole numbers of that sum, each next to the mean.
    fn spread(self, mut tell: impl FnMut(u64)) {
        let Some(mean) = self.sum.checked_div(self.count) else { return };
        let above = self.sum.wrapping_sub(mean.wrapping_mul(self.count));
        (0..above).for_each(|_| tell(mean.saturating_add(1)));
        (above..self.count).for_each(|_| tell(mean));
    }
}

/// The buckets of an instrument, by the greatest number of nanoseconds that each takes.
#[derive(Debug)]
pub(crate) struct Buckets {
    /// Of all but the last bucket, which takes what is greater than these.
    greatest: Box<[u64]>,
}

impl Buckets {
    /// Those with these bounds, in the unit that `value` turns nanoseconds into.
    pub(crate) fn new(bounds: &[f64], value: impl Fn(u64) -> f64) -> Self {
        Self { greatest: bounds.iter().map(|bound| last(|nanos| value(nanos) <= *bound)).collect() }
    }

    pub(super) fn count(&self) -> usize {
        self.greatest.len() + 1
    }

    /// The bucket that takes a value, as the SDK would choose it.
    #[inline]
    pub(super) fn index(&self, nanos: u64) -> usize {
        match *self.greatest {
            // Most calls are short, and a search takes as long as the rest of a recording.
            [first, ..] if nanos <= first => 0,
            _ => self.greatest.partition_point(|greatest| *greatest < nanos),
        }
    }

    /// Tells values of which as many are in each bucket, with the same sum, and with these extremes.
    ///
    /// The SDK's instruments have no way in for buckets that are counted already, but what they export of such values
    /// is what they would export of the true ones. This holds while the instrument has these bounds, which it has unless
    /// a program makes a histogram of the same name by its own meter.
    ///
    /// An extreme that does not belong to what is told, because its value comes with the next collection, is left out.
    pub(super) fn replay(&self, measured: &[Measured], extremes: Seen, mut tell: impl FnMut(u64)) {
        let is_some = |measured: &Measured| measured.count > 0;
        let (first, last) = (measured.iter().position(is_some), measured.iter().rposition(is_some));
        for (index, &of_bucket) in measured.iter().enumerate() {
            let (mut least, mut greatest) = self.range(index);
            let mut rest = of_bucket;
            if Some(index) == first
                && (least..=greatest).contains(&extremes.least)
                && let Some(others) =
                    rest.without(extremes.least).filter(|others| others.fits(extremes.least, greatest))
            {
                least = extremes.least;
                rest = others;
                tell(least);
            }
            if Some(index) == last
                && (least..=greatest).contains(&extremes.greatest)
                && let Some(others) =
                    rest.without(extremes.greatest).filter(|others| others.fits(least, extremes.greatest))
            {
                greatest = extremes.greatest;
                rest = others;
                tell(greatest);
            }
            rest.spread(&mut tell);
        }
    }

    /// The least and the greatest value of a bucket.
    fn range(&self, index: usize) -> (u64, u64) {
        let below = index.checked_sub(1).and_then(|below| self.greatest.get(below));
        let least = below.map_or(0, |below| below.saturating_add(1));
        (least, self.greatest.get(index).copied().unwrap_or(u64::MAX))
    }
}

/// The last number that `is_within` says yes to; it says so to all that are less, and to 0.
fn last(is_within: impl Fn(u64) -> bool) -> u64 {
    let (mut yes, mut no) = (0, u64::MAX);
    while no - yes > 1 {
        let middle = yes + (no - yes) / 2;
        if is_within(middle) { yes = middle } else { no = middle }
    }
    yes
}
