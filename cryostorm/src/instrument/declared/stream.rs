//! What all threads have of a declared metric under one installation.

use std::any::Any;
use std::fmt;
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use opentelemetry::KeyValue;

use crate::diagnostics;

use super::super::cardinality::{Admission, Point, overflow};
use super::super::instruments::Made;
use super::super::linked::declared_metrics;
use super::super::registry::Registry;
use super::index::outside;
use super::kind::{self, Kind};
use super::metric::{At, DeclaredMetric, number_all};
use super::observer;
use super::series::AttributeSet;

/// The streams of the metrics that were used, by the addresses of the metrics.
#[derive(Default)]
pub(in crate::instrument) struct Streams {
    made: Registry<usize, Arc<dyn Any + Send + Sync>>,
}

/// One metric's instrument, and the series that it has.
pub(crate) struct Stream<K: Kind> {
    pub(super) metric: &'static DeclaredMetric,
    pub(super) instrument: K::Instrument,
    admission: Arc<Admission>,
    had_undeclared: AtomicBool,
}

impl Streams {
    pub(super) fn get<K: Kind>(
        &self,
        metric: &'static DeclaredMetric,
        made: &Made,
    ) -> Option<Arc<Stream<K>>> {
        let stream = self.made.get(ptr::from_ref(metric).addr(), |_| {
            Arc::new(Stream::<K> {
                metric,
                instrument: K::instrument(&made.meter, &metric.declaration),
                admission: made.admission(metric.name(), metric.limit()),
                had_undeclared: AtomicBool::new(false),
            })
        });
        stream.downcast().ok()
    }
}

impl fmt::Debug for Streams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Streams").finish_non_exhaustive()
    }
}

impl<K: Kind> Stream<K> {
    /// Whether an attribute set has a series of its own.
    pub(super) fn admits(&self, set: &impl AttributeSet) -> bool {
        match outside(set.index()) {
            Some(position) => {
                self.refuse_undeclared(position);
                false
            }
            None => {
                self.admission.admits(&At { metric: self.metric, index: set.index(), texts: set.texts() })
            }
        }
    }

    /// Says once that an attribute had a value which was not declared.
    fn refuse_undeclared(&self, position: usize) {
        if self.had_undeclared.load(Ordering::Relaxed) || self.had_undeclared.swap(true, Ordering::Relaxed) {
            return;
        }
        let metric = self.metric;
        diagnostics::report_aside(move || {
            let key = metric.declaration.attributes.get(position).map_or("", |attribute| attribute.key);
            format!(
                "metric {} had a value of {key} that is not declared: such go to the series otel.metric.overflow=true.",
                metric.name()
            )
        });
    }

    pub(super) fn attributes(&self, set: &impl AttributeSet) -> Vec<KeyValue> {
        match outside(set.index()) {
            Some(_) => overflow().to_vec(),
            None => self.metric.attributes(set.index(), set.texts()),
        }
    }

    /// Tells the SDK at once.
    pub(super) fn tell(&self, set: &impl AttributeSet, value: K::Value) {
        match self.admits(set) {
            true => K::tell(&self.instrument, value, &self.attributes(set)),
            false => K::tell(&self.instrument, value, overflow()),
        }
    }

    /// Tells the SDK of all series before there is a value.
    pub(super) fn begin(&self, zero: K::Value) {
        for index in 0..u32::try_from(self.metric.combinations()).unwrap_or_default() {
            let point = At { metric: self.metric, index, texts: &[] };
            if self.admission.admits(&point) {
                K::tell(&self.instrument, zero, &point.to_vec());
            }
        }
    }
}

/// Makes what is to be there before the first value: the instruments, so that no call waits for the collection that the SDK
/// makes none during; sums at zero; and what is observed.
pub(in crate::instrument) fn announce(made: &Made) {
    number_all();
    for metric in declared_metrics().iter().copied() {
        kind::begin(metric, made);
        observer::register(metric, &made.meter);
    }
}
