//! What was measured of one metric, without the single values.

use cryostorm_exporter::{MetricName, TelemetryExporter};

use super::buckets::Buckets;

/// What was observed of one metric.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Distribution {
    /// How many observations.
    pub count: u64,
    /// Their sum.
    pub sum: f64,
    /// The least of them.
    pub min: f64,
    /// The greatest of them.
    pub max: f64,
    /// The upper bounds of the buckets, each of which takes what is at most its bound.
    pub bounds: Vec<f64>,
    /// How many observations are in each bucket, the last one having no upper bound.
    pub bucket_counts: Vec<u64>,
}

/// Observations by bucket.
#[derive(Clone, Debug)]
pub(super) struct Observed {
    buckets: Buckets,
    min: f64,
    max: f64,
    cells: Vec<Cell>,
}

/// How many observations, and their sum.
#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    count: u64,
    sum: f64,
}

impl Cell {
    fn add(&mut self, other: Self) {
        self.count = self.count.saturating_add(other.count);
        self.sum = finite_sum(self.sum, other.sum);
    }
}

/// A sum that ends at the greatest number there is, as an infinite one could not be told to anybody.
fn finite_sum(one: f64, other: f64) -> f64 {
    (one + other).clamp(f64::MIN, f64::MAX)
}

impl Observed {
    pub(super) fn new(buckets: Buckets) -> Self {
        let cells = vec![Cell::default(); buckets.bounds().len() + 1];
        Self { buckets, min: f64::INFINITY, max: f64::NEG_INFINITY, cells }
    }

    pub(super) fn include(&mut self, value: f64) {
        self.min = self.min.min(value);
        self.max = self.max.max(value);
        if let Some(cell) = self.cells.get_mut(self.buckets.index(value)) {
            cell.add(Cell { count: 1, sum: value });
        }
    }

    /// Takes in what another with the same buckets has.
    pub(super) fn merge(&mut self, other: &Self) {
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        self.cells.iter_mut().zip(&other.cells).for_each(|(cell, other)| cell.add(*other));
    }

    /// What is in it, and nothing from now on.
    pub(super) fn take(&mut self) -> Self {
        let empty = Self::new(self.buckets.clone());
        std::mem::replace(self, empty)
    }

    /// None where nothing was observed.
    pub(super) fn snapshot(&self) -> Option<Distribution> {
        let mut all = Cell::default();
        self.cells.iter().for_each(|cell| all.add(*cell));
        (all.count > 0).then(|| Distribution {
            count: all.count,
            sum: all.sum,
            min: self.min,
            max: self.max,
            bounds: self.buckets.bounds().to_vec(),
            bucket_counts: self.cells.iter().map(|cell| cell.count).collect(),
        })
    }

    /// Tells as many values, as many of them in each bucket, with the same extremes and, up to rounding, the same sum.
    pub(super) fn replay(&self, metric: &MetricName, exporter: &dyn TelemetryExporter) {
        let (first, last) = (self.buckets.index(self.min), self.buckets.index(self.max));
        for (index, cell) in self.cells.iter().enumerate() {
            let mut rest = *cell;
            for (bucket, extreme) in [(first, self.min), (last, self.max)] {
                if bucket == index && rest.count > 0 {
                    exporter.observe(metric, extreme);
                    rest.count -= 1;
                    rest.sum = finite_sum(rest.sum, -extreme);
                }
            }
            // Rounding must not carry the mean out of where the values are.
            let (least, greatest) = self.buckets.range(index);
            let mean = (rest.sum / rest.count as f64).max(least.max(self.min)).min(greatest.min(self.max));
            (0..rest.count).for_each(|_| exporter.observe(metric, mean));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::MemoryExporter;
    use super::*;

    const NAME: MetricName = MetricName::from_static("some.sizes");

    fn observed(values: &[f64]) -> Observed {
        let mut observed = Observed::new(Buckets::new([-1.0, 0.0, 2.5, 1e6]).unwrap());
        values.iter().for_each(|value| observed.include(*value));
        observed
    }

    #[test]
    fn nothing_has_no_snapshot_and_is_not_told() {
        let memory = MemoryExporter::default();
        observed(&[]).replay(&NAME, &memory);
        assert_eq!((observed(&[]).snapshot(), memory.calls()), (None, vec![]));
    }

    #[test]
    fn sums_stay_finite() {
        let all = observed(&[f64::MAX, f64::MAX]);
        assert_eq!(all.snapshot().unwrap().sum, f64::MAX);
        let memory = MemoryExporter::default();
        all.replay(&NAME, &memory);
        assert_eq!(memory.observations(&NAME), [f64::MAX; 2]);
    }

    proptest! {
        #[test]
        fn what_is_replayed_has_the_same_distribution(
            values in prop::collection::vec(prop_oneof![-10.0..10.0_f64, -1e9..1e9_f64, Just(0.0), Just(2.5)], 1..60)
        ) {
            let memory = MemoryExporter::default();
            observed(&values).replay(&NAME, &memory);
            let told = observed(&memory.observations(&NAME)).snapshot().unwrap();
            let own = observed(&values).snapshot().unwrap();
            prop_assert!((told.sum - own.sum).abs() <= 1e-9 * values.iter().map(|value| value.abs()).sum::<f64>());
            prop_assert_eq!(Distribution { sum: 0.0, ..told }, Distribution { sum: 0.0, ..own });
        }

        #[test]
        fn parts_merge_into_the_whole(values in prop::collection::vec(-10.0..10.0_f64, 1..60), cut in 0..60_usize) {
            let (one, other) = values.split_at(cut.min(values.len()));
            let mut merged = observed(one);
            merged.merge(&observed(other));
            let (merged, whole) = (merged.snapshot().unwrap(), observed(&values).snapshot().unwrap());
            prop_assert_eq!((merged.count, merged.min, merged.max), (whole.count, whole.min, whole.max));
            prop_assert_eq!(merged.bucket_counts, whole.bucket_counts);
        }
    }
}
