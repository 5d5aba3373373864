//! Loses telemetry in three ways, each time after time, and then waits until its input ends.

use std::io::Read as _;
use std::panic::resume_unwind;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::time::Duration;

use cryostorm::telemetry_exporter::{MemoryExporter, MetricName, NonBlockingExporter, TelemetryExporter};

const HITS: MetricName = MetricName::from_static("cache.hits");
const LOAD_DURATION: MetricName = MetricName::from_static("cache.load.duration");

/// Never returns.
struct Held {
    entered: SyncSender<()>,
    never: Mutex<Receiver<()>>,
}

impl TelemetryExporter for Held {
    fn increment(&self, _metric: &MetricName, _value: u64) {
        let _ = self.entered.send(());
        let _ = self.never.lock().map(|never| never.recv());
    }

    fn observe(&self, _metric: &MetricName, _value: f64) {}
}

struct Panics;

impl TelemetryExporter for Panics {
    fn increment(&self, _metric: &MetricName, _value: u64) {
        resume_unwind(Box::new(()))
    }

    fn observe(&self, _metric: &MetricName, _value: f64) {}
}

fn main() {
    let (entered, waits) = sync_channel(1);
    let (_hold, never) = channel();
    let held = NonBlockingExporter::builder(Held { entered, never: Mutex::new(never) })
        .with_name("held")
        .with_capacity(2)
        .with_drop_timeout(Duration::from_millis(1))
        .start()
        .expect("a thread");
    held.increment(&HITS, 1);
    waits.recv().expect("the exporter is told");
    (0..997).for_each(|_| held.increment(&HITS, 1));

    let panics = NonBlockingExporter::builder(Panics).with_name("panics").start().expect("a thread");
    (0..100).for_each(|_| panics.increment(&HITS, 1));
    // Returned to whoever shuts it down, and so not said.
    panics.shutdown(Duration::from_secs(60)).expect_err("everything is lost");

    let memory = MemoryExporter::default();
    (0..100).for_each(|_| memory.observe(&LOAD_DURATION, f64::NAN));

    std::io::stdin().read_to_end(&mut Vec::new()).expect("an input that ends");
}
