//! What is observed within the limit of a metric's series.

use std::ptr;
use std::sync::{Arc, Mutex, PoisonError};

use opentelemetry::KeyValue;
use opentelemetry::metrics::AsyncInstrument;

use crate::instrument::{Admission, overflow};

/// Stands before the SDK's observer for one callback.
pub(super) struct Limiting<'a, T> {
    observer: &'a dyn AsyncInstrument<T>,
    admission: &'a Arc<Admission>,
    /// What two values of the overflow series are together.
    both: fn(T, T) -> T,
    overflow: Mutex<Option<T>>,
}

impl<'a, T: Copy> Limiting<'a, T> {
    pub(super) fn new(
        observer: &'a dyn AsyncInstrument<T>,
        admission: &'a Arc<Admission>,
        both: fn(T, T) -> T,
    ) -> Self {
        Self { observer, admission, both, overflow: Mutex::new(None) }
    }

    /// Tells what was too much: once, because the SDK takes the last value of a series.
    pub(super) fn finish(self) {
        if let Some(value) = self.overflow.into_inner().unwrap_or_else(PoisonError::into_inner) {
            self.observer.observe(value, overflow());
        }
    }
}

impl<T: Copy + Send> AsyncInstrument<T> for Limiting<'_, T> {
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
