//! What observable instruments ask at each collection.

use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use opentelemetry::metrics::AsyncInstrument;
use opentelemetry::{Context, KeyValue};

use crate::guarded::caught;
use crate::instrument::{Admission, may_observe, overflow};

use super::InstrumentError;

/// How many closures one instrument asks: each is kept for good.
const LIMIT: usize = 1_000;

/// Those who tell what one instrument observes. Clones share them.
pub(super) struct Closures<T> {
    shared: Arc<Shared<T>>,
}

struct Shared<T> {
    metric: String,
    each: RwLock<Vec<Arc<Closure<T>>>>,
    /// Whether there were too many attribute sets once.
    has_overflowed: AtomicBool,
}

type Closure<T> = dyn Fn(&dyn AsyncInstrument<T>) + Send + Sync;

impl<T> Clone for Closures<T> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<T: Copy + Send> Closures<T> {
    pub(super) fn new(metric: &str) -> Self {
        let (each, has_overflowed) = (RwLock::default(), AtomicBool::new(false));
        Self { shared: Arc::new(Shared { metric: metric.to_owned(), each, has_overflowed }) }
    }

    /// Asks one more.
    pub(super) fn add(
        &self,
        ask: impl Fn(&dyn AsyncInstrument<T>) + Send + Sync + 'static,
    ) -> Result<(), InstrumentError> {
        let mut each = self.shared.each.write().unwrap_or_else(PoisonError::into_inner);
        if each.len() >= LIMIT {
            return Err(InstrumentError::TooMany { name: self.shared.metric.clone(), limit: LIMIT });
        }
        each.push(Arc::new(ask));
        Ok(())
    }

    /// Asks all, for one collection. `both` is what two values of the overflow series are together.
    pub(super) fn ask(&self, observer: &dyn AsyncInstrument<T>, both: fn(T, T) -> T) {
        let Shared { metric, each, has_overflowed } = &*self.shared;
        // An instrument that they made would wait for the collection that asks them.
        let _suppressed = may_observe().then(Context::enter_telemetry_suppressed_scope);
        // Asked without the lock: one may add another.
        let each = each.read().unwrap_or_else(PoisonError::into_inner).clone();
        // What was observed in the last collection and is no more makes room.
        let admission = Arc::new(Admission::anew(metric, has_overflowed.load(Ordering::Relaxed)));
        let limited = Limited { observer, admission, both, overflow: Mutex::new(None) };
        for ask in each {
            // The SDK does not collect again after a callback has panicked.
            caught(|| ask(&limited));
        }
        has_overflowed.store(limited.admission.has_refused(), Ordering::Relaxed);
        // Once, because the SDK takes the last value of a series.
        if let Some(value) = limited.overflow.into_inner().unwrap_or_else(PoisonError::into_inner) {
            observer.observe(value, overflow());
        }
    }
}

/// Stands before the SDK's observer.
struct Limited<'a, T> {
    observer: &'a dyn AsyncInstrument<T>,
    admission: Arc<Admission>,
    both: fn(T, T) -> T,
    overflow: Mutex<Option<T>>,
}

impl<T: Copy + Send> AsyncInstrument<T> for Limited<'_, T> {
    fn observe(&self, value: T, attributes: &[KeyValue]) {
        self.admission.admitted(attributes, |admitted| match ptr::eq(admitted, overflow()) {
            false => self.observer.observe(value, admitted),
            true => {
                let mut overflow = self.overflow.lock().unwrap_or_else(PoisonError::into_inner);
                *overflow = Some(overflow.map_or(value, |sum| (self.both)(sum, value)));
            }
        });
    }
}
