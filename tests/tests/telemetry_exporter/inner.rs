//! Exporters that misbehave, or do so until the test says otherwise.

use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use cryostorm::telemetry_exporter::{DeliveryError, MemoryExporter, MetricName, TelemetryExporter};

/// Panics each time, without the words on standard error that a panic has otherwise.
pub(crate) struct Panics;

impl TelemetryExporter for Panics {
    fn increment(&self, _metric: &MetricName, _value: u64) {
        resume_unwind(Box::new("an exporter may do this"))
    }

    fn observe(&self, metric: &MetricName, _value: f64) {
        self.increment(metric, 1);
    }

    fn flush(&self, _timeout: Duration) -> Result<(), DeliveryError> {
        resume_unwind(Box::new("and this"))
    }
}

/// Returns from its calls only when the test lets go of it.
pub(crate) struct Held {
    memory: MemoryExporter,
    entered: Sender<()>,
    released: Mutex<Receiver<()>>,
    /// Dropped with the exporter.
    _alive: Sender<()>,
}

/// What the test holds the exporter by.
pub(crate) struct Hold {
    pub(crate) memory: MemoryExporter,
    entered: Receiver<()>,
    release: Sender<()>,
    alive: Receiver<()>,
}

impl Held {
    pub(crate) fn new() -> (Self, Hold) {
        let memory = MemoryExporter::default();
        let (entered_by, entered) = channel();
        let (release, released) = channel();
        let (_alive, alive) = channel();
        let held =
            Self { memory: memory.clone(), entered: entered_by, released: Mutex::new(released), _alive };
        (held, Hold { memory, entered, release, alive })
    }

    fn wait(&self) {
        // Who no longer holds it does not look either.
        let _ = self.entered.send(());
        let _ = self.released.lock().unwrap_or_else(PoisonError::into_inner).recv();
    }
}

impl TelemetryExporter for Held {
    fn increment(&self, metric: &MetricName, value: u64) {
        self.wait();
        self.memory.increment(metric, value);
    }

    fn observe(&self, metric: &MetricName, value: f64) {
        self.wait();
        self.memory.observe(metric, value);
    }
}

impl Hold {
    /// Waits until the exporter is in the middle of a call.
    pub(crate) fn wait_for_call(&self) {
        self.entered.recv().unwrap();
    }

    /// From now on the exporter returns at once.
    pub(crate) fn release(self) -> Released {
        drop(self.release);
        Released { alive: self.alive }
    }
}

pub(crate) struct Released {
    alive: Receiver<()>,
}

impl Released {
    /// Waits until the exporter is dropped.
    pub(crate) fn wait_for_end(&self) {
        self.alive.recv().unwrap_err();
    }
}
