//! The attribute sets that a metric has.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::mem;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, OnceLock, PoisonError, RwLock};

use opentelemetry::KeyValue;
use rustc_hash::FxBuildHasher;

use crate::diagnostics;

use super::point::Point;
use super::text::all_bounded;

/// The most series of one metric. With that of what overflows, as many as the SDK keeps apart.
pub(crate) const MOST_SERIES: usize = 1999;

/// The attribute sets of one metric, of all threads. The first ones stay; when there are as many as it may have, it never
/// changes again, and is read without a lock.
#[derive(Debug)]
pub(crate) struct Admission {
    metric: String,
    limit: AtomicUsize,
    growing: RwLock<Sets>,
    full: OnceLock<Sets>,
    has_refused: AtomicBool,
}

/// The sets by their hashes.
#[derive(Debug, Default)]
struct Sets {
    by_hash: HashMap<u64, Vec<Box<[KeyValue]>>, FxBuildHasher>,
    count: usize,
}

impl Sets {
    fn has(&self, hash: u64, point: &(impl Point + ?Sized)) -> bool {
        self.by_hash.get(&hash).is_some_and(|sets| sets.iter().any(|set| point.is(set)))
    }

    fn add(&mut self, hash: u64, point: &(impl Point + ?Sized)) {
        self.by_hash.entry(hash).or_default().push(point.to_vec().into());
        self.count += 1;
    }
}

impl Admission {
    pub(crate) fn new(metric: &str) -> Self {
        Self::anew(metric, false)
    }

    /// One of a metric for which that was said already, or not.
    pub(crate) fn anew(metric: &str, has_refused: bool) -> Self {
        Self {
            metric: metric.to_owned(),
            limit: AtomicUsize::new(MOST_SERIES),
            growing: RwLock::default(),
            full: OnceLock::new(),
            has_refused: AtomicBool::new(has_refused),
        }
    }

    /// Lets no more in than so many: the least number that somebody names holds.
    pub(crate) fn limit_to(&self, limit: usize) {
        self.limit.fetch_min(limit, Ordering::Relaxed);
    }

    /// Whether an attribute set has a series of its own. The first time that one has not, that is said.
    pub(crate) fn admits(self: &Arc<Self>, point: &(impl Point + ?Sized)) -> bool {
        let is_admitted = self.has_or_adds(point);
        if !is_admitted && !self.has_refused() && !self.has_refused.swap(true, Ordering::Relaxed) {
            let this = Arc::clone(self);
            diagnostics::report_aside(move || this.refusal());
        }
        is_admitted
    }

    /// Whether one had not.
    pub(crate) fn has_refused(&self) -> bool {
        self.has_refused.load(Ordering::Relaxed)
    }

    /// Hands on the attributes that a measurement is told to the SDK with.
    pub(crate) fn admitted(self: &Arc<Self>, attributes: &[KeyValue], tell: impl FnOnce(&[KeyValue])) {
        // The SDK does not count the series without attributes.
        if attributes.is_empty() {
            return tell(attributes);
        }
        let attributes = all_bounded(attributes);
        match self.admits(&*attributes) {
            true => tell(&attributes),
            false => tell(overflow()),
        }
    }

    fn has_or_adds(&self, point: &(impl Point + ?Sized)) -> bool {
        let hash = point.identity();
        if let Some(full) = self.full.get() {
            return full.has(hash, point);
        }
        if self.growing.read().unwrap_or_else(PoisonError::into_inner).has(hash, point) {
            return true;
        }
        let mut growing = self.growing.write().unwrap_or_else(PoisonError::into_inner);
        // It may have become full while this thread waited.
        if let Some(full) = self.full.get() {
            return full.has(hash, point);
        }
        if growing.has(hash, point) {
            return true;
        }
        if growing.count < self.limit.load(Ordering::Relaxed) {
            growing.add(hash, point);
            return true;
        }
        let _ = self.full.set(mem::take(&mut *growing));
        false
    }

    fn refusal(&self) -> String {
        let (metric, sets) = (&self.metric, self.full.get());
        let (limit, attribute) = sets.map(|sets| (sets.count, sets.grown())).unwrap_or_default();
        format!(
            "metric {metric} has more than {limit} attribute sets, and {attribute} has the most values: what is not among \
             the first {limit} goes to the series otel.metric.overflow=true."
        )
    }
}

impl Sets {
    /// The attribute with the most values.
    fn grown(&self) -> String {
        let mut values = BTreeMap::<&str, HashSet<String>>::new();
        for KeyValue { key, value, .. } in self.by_hash.values().flatten().flatten() {
            values.entry(key.as_str()).or_default().insert(value.to_string());
        }
        let grown = values.into_iter().max_by_key(|(_, values)| values.len());
        grown.map(|(key, _)| key.to_owned()).unwrap_or_default()
    }
}

/// What stands in place of the attributes of all that is too much.
pub(crate) fn overflow() -> &'static [KeyValue] {
    static OVERFLOW: LazyLock<[KeyValue; 1]> =
        LazyLock::new(|| [KeyValue::new("otel.metric.overflow", true)]);
    &*OVERFLOW
}
