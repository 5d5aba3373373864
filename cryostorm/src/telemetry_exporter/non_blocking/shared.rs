//! What the callers and the worker of one exporter share.

use std::sync::atomic::{AtomicBool, Ordering, fence};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use cryostorm_exporter::{DeliveryError, TelemetryExporter};

use crate::guarded::caught;

use super::super::call::Call;
use super::losses::{Losses, Watch};
use super::outflow::{Outflow, Step};
use super::stats::{Intake, NonBlockingStats, Refusal};

/// How long the worker rests when the queue is empty. Callers do not wake it, unless they were many.
const REST: Duration = Duration::from_millis(100);

pub(super) struct Shared {
    name: String,
    sender: SyncSender<Call>,
    /// Of so many queued calls, one wakes the worker, so that it rests while the queue fills up to a quarter at most.
    stride: u64,
    is_closed: AtomicBool,
    losses: Losses,
    intake: Intake,
    outflow: Mutex<Outflow>,
    /// A flush is answered, or everything has ended.
    changed: Condvar,
}

impl Shared {
    pub(super) fn new(name: String, capacity: usize) -> Self {
        // Without any room, a call would have to wait for the worker.
        let capacity = capacity.max(1);
        let (sender, receiver) = sync_channel(capacity);
        Self {
            name,
            sender,
            stride: (capacity as u64 / 4).max(1),
            is_closed: AtomicBool::new(false),
            losses: Losses::default(),
            intake: Intake::default(),
            outflow: Mutex::new(Outflow::new(receiver, capacity)),
            changed: Condvar::new(),
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Queues a call, or counts why not: without a wait. Whether the worker is to be woken.
    pub(super) fn put(&self, call: impl FnOnce() -> Call) -> bool {
        if self.is_closed.load(Ordering::Relaxed) {
            self.lose(Refusal::AfterShutdown);
            return false;
        }
        // The receiver is never gone while there is a sender.
        if self.sender.try_send(call()).is_err() {
            self.lose(Refusal::QueueFull);
            return false;
        }
        let number = self.intake.queued();
        // Either whoever closes the queue finds the call in it, or this finds that the queue is closed.
        fence(Ordering::SeqCst);
        if self.is_closed.load(Ordering::Relaxed) && self.outflow().drop_late() {
            self.losses.add(&self.name, "they came while it shut down");
        }
        number.is_multiple_of(self.stride)
    }

    /// Counts an observation that is NaN or infinite.
    pub(super) fn refuse_not_finite(&self) {
        self.lose(Refusal::NotFinite);
    }

    fn lose(&self, refusal: Refusal) {
        self.intake.refuse(refusal);
        let reason = match refusal {
            Refusal::QueueFull => "the queue is full",
            Refusal::NotFinite => "a value is not a finite number",
            Refusal::AfterShutdown => "they come after shutdown",
        };
        self.losses.add(&self.name, reason);
    }

    pub(super) fn stats(&self) -> NonBlockingStats {
        let mut stats = self.outflow().stats();
        self.intake.complete(&mut stats);
        stats
    }

    /// Asks for a flush; with `close`, for the end after it. Waits until it is done, or until then.
    pub(super) fn finish(
        &self,
        close: bool,
        timeout: Duration,
        wake: impl FnOnce(),
    ) -> Result<(), DeliveryError> {
        // A limit beyond a year is none, and the clock may not be able to express it.
        let until = Instant::now() + timeout.min(Duration::from_secs(365 * 24 * 60 * 60));
        if close {
            self.is_closed.store(true, Ordering::Relaxed);
            fence(Ordering::SeqCst);
        }
        let mut outflow = self.outflow();
        outflow.is_closing |= close;
        let ticket = outflow.flushes.ask(until);
        wake();
        let left = until.saturating_duration_since(Instant::now());
        let waits = |outflow: &mut Outflow| !outflow.has_ended && (close || outflow.flushes.done < ticket);
        let waited = self.changed.wait_timeout_while(outflow, left, waits);
        let (mut outflow, limit) = waited.unwrap_or_else(PoisonError::into_inner);
        let mut outcome = outflow.flushes.outcome.clone();
        if limit.timed_out() {
            outcome = Err(DeliveryError::Timeout(timeout));
            if !close {
                return outcome;
            }
            // Not said, but told to whoever shuts it down.
            outflow.give_up();
            self.changed.notify_all();
        }
        let mut stats = outflow.stats();
        self.intake.complete(&mut stats);
        match outflow.tell_of(stats.dropped.total()) {
            0 => outcome,
            lost => Err(DeliveryError::Lost(lost)),
        }
    }

    /// What the worker does until the end.
    pub(super) fn work(&self, exporter: impl TelemetryExporter) {
        let mut watch = Watch::default();
        loop {
            let step = self.outflow().next();
            match step {
                Step::Tell(call) => {
                    let is_delivered = caught(|| call.repeat(&exporter)).is_some();
                    let counts = self.outflow().settle(is_delivered);
                    if counts && !is_delivered {
                        self.losses.add(&self.name, "the exporter behind it panicked");
                    }
                }
                Step::Flush(until) => {
                    let left =
                        until.map_or(Duration::ZERO, |until| until.saturating_duration_since(Instant::now()));
                    let flushed = caught(|| exporter.flush(left));
                    let panicked = || Err(DeliveryError::failed("the exporter panicked"));
                    self.outflow().flushes.answer(flushed.unwrap_or_else(panicked));
                    self.changed.notify_all();
                }
                Step::Wait => {
                    self.losses.watch(&self.name, &mut watch, || self.stats().dropped.total());
                    thread::park_timeout(REST);
                }
                Step::End => break,
            }
        }
        // It may close a file, which is worth waiting for.
        caught(|| drop(exporter));
        self.outflow().has_ended = true;
        self.changed.notify_all();
    }

    fn outflow(&self) -> MutexGuard<'_, Outflow> {
        self.outflow.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
