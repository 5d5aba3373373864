//! How many series a metric has, whatever its attributes are.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::mem;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use opentelemetry::KeyValue;
use rustc_hash::FxBuildHasher;

use crate::diagnostics;

use super::index::outside;
use super::metric::DeclaredMetric;
use super::series::{AttributeSet, Key, hash};

/// The attribute sets that one metric has, of all threads. The first ones stay; when there are as many as it may have, it
/// never changes again, and is read without a lock.
#[derive(Debug)]
pub(in crate::instrument) struct Admission {
    metric: &'static DeclaredMetric,
    /// Whether no set can be too much.
    is_open: bool,
    growing: Mutex<Sets>,
    full: OnceLock<Sets>,
    /// One more than the position of an attribute that had a value which was not declared.
    outside: AtomicUsize,
    has_refused: AtomicBool,
    told_full: AtomicBool,
    told_outside: AtomicBool,
}

/// The sets by their hashes.
#[derive(Debug, Default)]
struct Sets {
    by_hash: HashMap<u64, Vec<Key>, FxBuildHasher>,
    count: usize,
}

impl Sets {
    fn has(&self, hash: u64, set: &impl AttributeSet) -> bool {
        self.by_hash.get(&hash).is_some_and(|keys| keys.iter().any(|key| key.is(set)))
    }

    fn add(&mut self, hash: u64, set: &impl AttributeSet) {
        self.by_hash.entry(hash).or_default().push(Key::of(set));
        self.count += 1;
    }
}

impl Admission {
    pub(super) fn new(metric: &'static DeclaredMetric) -> Self {
        Self {
            metric,
            is_open: !metric.has_texts() && metric.combinations() <= metric.limit(),
            growing: Mutex::default(),
            full: OnceLock::new(),
            outside: AtomicUsize::new(0),
            has_refused: AtomicBool::new(false),
            told_full: AtomicBool::new(false),
            told_outside: AtomicBool::new(false),
        }
    }

    /// Whether an attribute set has a series of its own.
    pub(super) fn admits(&self, set: &impl AttributeSet) -> bool {
        if let Some(position) = outside(set.index()) {
            self.outside.store(position + 1, Ordering::Relaxed);
            return false;
        }
        if self.is_open {
            return true;
        }
        let hash = hash(set);
        if let Some(full) = self.full.get() {
            return full.has(hash, set);
        }
        let mut growing = self.growing.lock().unwrap_or_else(PoisonError::into_inner);
        // It may have become full while this thread waited.
        if let Some(full) = self.full.get() {
            return full.has(hash, set);
        }
        if growing.has(hash, set) {
            return true;
        }
        if growing.count < self.metric.limit() {
            growing.add(hash, set);
            return true;
        }
        let _ = self.full.set(mem::take(&mut *growing));
        false
    }

    /// Whether this is the first time that something was too much.
    pub(super) fn is_first_refusal(&self) -> bool {
        !self.has_refused.load(Ordering::Relaxed) && !self.has_refused.swap(true, Ordering::Relaxed)
    }

    /// Says what was too much, once. Called by collections, because a call must not wait for standard error.
    pub(in crate::instrument) fn report(&self) {
        let name = self.metric.name();
        if let Some(full) = self.full.get()
            && !self.told_full.swap(true, Ordering::Relaxed)
        {
            let (limit, attribute) = (self.metric.limit(), self.grown(full).unwrap_or_default());
            diagnostics::report(format_args!(
                "metric {name} has more than {limit} attribute sets, and {attribute} has the most values: what is not \
                 among the first {limit} goes to the series otel.metric.overflow=true."
            ));
        }
        if let Some(position) = self.outside.load(Ordering::Relaxed).checked_sub(1)
            && !self.told_outside.swap(true, Ordering::Relaxed)
        {
            let attribute =
                self.metric.declaration.attributes.get(position).map_or("", |attribute| attribute.key);
            diagnostics::report(format_args!(
                "metric {name} had a value of {attribute} that is not declared: such go to the series \
                 otel.metric.overflow=true."
            ));
        }
    }

    /// The attribute with the most values.
    fn grown(&self, full: &Sets) -> Option<String> {
        let mut values = BTreeMap::<String, HashSet<String>>::new();
        for key in full.by_hash.values().flatten() {
            for KeyValue { key, value, .. } in self.metric.attributes(key.index, &key.texts()) {
                values.entry(key.to_string()).or_default().insert(value.to_string());
            }
        }
        values.into_iter().max_by_key(|(_, values)| values.len()).map(|(key, _)| key)
    }
}

/// What stands in place of the attributes of all that is too much.
pub(super) fn overflow() -> Vec<KeyValue> {
    vec![KeyValue::new("otel.metric.overflow", true)]
}
