//! What there is one of for each metric, for a bounded number of metrics.

use std::sync::{PoisonError, RwLock};

use cryostorm_exporter::MetricName;
use rustc_hash::FxHashMap;

use super::refused::Reason;

/// How many metrics an exporter keeps, unless said otherwise.
pub(super) const METRICS: usize = 1000;

#[derive(Debug)]
pub(super) struct ByName<T> {
    limit: usize,
    values: RwLock<FxHashMap<MetricName, T>>,
}

impl<T> ByName<T> {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, values: RwLock::default() }
    }

    /// Has what there is of a metric record something, which it does if it can. The first time, it is made.
    pub(super) fn record(
        &self,
        metric: &MetricName,
        make: impl FnOnce() -> Result<T, Reason>,
        record: impl Fn(&T) -> Result<(), Reason>,
    ) -> Result<(), Reason> {
        if let Some(recorded) = self.existing(metric, &record) {
            return recorded;
        }
        self.add(metric, make)?;
        self.existing(metric, &record).unwrap_or(Ok(()))
    }

    /// Hands over what there is of a metric.
    pub(super) fn existing<R>(&self, metric: &MetricName, with: impl FnOnce(&T) -> R) -> Option<R> {
        self.values.read().unwrap_or_else(PoisonError::into_inner).get(metric).map(with)
    }

    fn add(&self, metric: &MetricName, make: impl FnOnce() -> Result<T, Reason>) -> Result<(), Reason> {
        let is_full = |values: &FxHashMap<MetricName, T>| values.len() >= self.limit;
        if is_full(&self.values.read().unwrap_or_else(PoisonError::into_inner)) {
            return Err(Reason::TooManyNames);
        }
        // Without the lock: what the SDK says while it makes an instrument may come back here.
        let made = make()?;
        let mut values = self.values.write().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have been faster.
        if !values.contains_key(metric) {
            if is_full(&values) {
                return Err(Reason::TooManyNames);
            }
            values.insert(metric.clone(), made);
        }
        Ok(())
    }

    /// Hands over all of them, in no order.
    pub(super) fn each(&self, mut with: impl FnMut(&MetricName, &T)) {
        let values = self.values.read().unwrap_or_else(PoisonError::into_inner);
        values.iter().for_each(|(metric, value)| with(metric, value));
    }

    /// The metrics that there are.
    pub(super) fn names(&self) -> Vec<MetricName> {
        self.values.read().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }
}
