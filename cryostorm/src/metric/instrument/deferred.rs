//! An instrument that measures for whichever Telemetry is in force.

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use opentelemetry::KeyValue;
use opentelemetry::metrics::{BoundSyncInstrument, Counter, Gauge, Histogram, SyncInstrument, UpDownCounter};

use crate::instrument::{Admission, id_in_force, may_measure};

/// Stands behind a handle of OpenTelemetry's API. Clones share what was made.
#[derive(Debug)]
pub(super) struct Deferred<I> {
    slots: Arc<Slots<I>>,
}

/// What was made for the first Telemetry is found without a lock: most programs have no other.
#[derive(Debug)]
struct Slots<I> {
    first: OnceLock<Made<I>>,
    later: RwLock<Option<Made<I>>>,
}

/// An instrument of one Telemetry.
#[derive(Debug)]
struct Made<I> {
    telemetry: u64,
    instrument: I,
    admission: Arc<Admission>,
}

impl<I> Clone for Deferred<I> {
    fn clone(&self) -> Self {
        Self { slots: Arc::clone(&self.slots) }
    }
}

impl<I> Default for Deferred<I> {
    fn default() -> Self {
        Self { slots: Arc::new(Slots { first: OnceLock::new(), later: RwLock::new(None) }) }
    }
}

impl<I> Deferred<I> {
    /// Measures with this one while that Telemetry is in force.
    pub(super) fn set(&self, telemetry: u64, instrument: I, admission: Arc<Admission>) {
        if let Err(made) = self.slots.first.set(Made { telemetry, instrument, admission }) {
            let mut later = self.slots.later.write().unwrap_or_else(PoisonError::into_inner);
            if later.as_ref().is_none_or(|later| later.telemetry < telemetry) {
                *later = Some(made);
            }
        }
    }

    /// Nothing where no Telemetry is in force, and where telemetry is suppressed.
    fn with(&self, measure: impl FnOnce(&Made<I>)) {
        let id = id_in_force();
        if id == 0 || !may_measure() {
            return;
        }
        let is_it = |made: &&Made<I>| made.telemetry == id;
        match self.slots.first.get().filter(is_it) {
            Some(made) => measure(made),
            None => {
                let later = self.slots.later.read().unwrap_or_else(PoisonError::into_inner);
                if let Some(made) = later.as_ref().filter(is_it) {
                    measure(made);
                }
            }
        }
    }
}

/// With attributes that are the same at each measurement.
struct Bound<I> {
    deferred: Deferred<I>,
    attributes: Box<[KeyValue]>,
}

macro_rules! measure {
    ($($instrument:ident<$value:ty>: $method:ident;)*) => {$(
        impl SyncInstrument<$value> for Deferred<$instrument<$value>> {
            fn measure(&self, value: $value, attributes: &[KeyValue]) {
                self.with(|made| {
                    made.admission.admitted(attributes, |admitted| made.instrument.$method(value, admitted));
                });
            }

            fn bind(&self, attributes: &[KeyValue]) -> Box<dyn BoundSyncInstrument<$value> + Send + Sync> {
                Box::new(Bound { deferred: self.clone(), attributes: attributes.into() })
            }
        }

        impl BoundSyncInstrument<$value> for Bound<$instrument<$value>> {
            fn measure(&self, value: $value) {
                self.deferred.measure(value, &self.attributes);
            }
        }
    )*};
}

measure! {
    Counter<u64>: add;
    UpDownCounter<i64>: add;
    Histogram<f64>: record;
    Gauge<f64>: record;
}
