//! The way out of the queue, and what became of what left it.

use std::sync::mpsc::Receiver;
use std::time::Instant;

use cryostorm_exporter::DeliveryError;

use super::super::call::Call;
use super::stats::{Dropped, NonBlockingStats};

/// Held behind a lock that nobody keeps while the exporter is told something: whoever gives up can count what the worker
/// is in the middle of.
#[derive(Debug)]
pub(super) struct Outflow {
    receiver: Receiver<Call>,
    capacity: usize,
    delivered: u64,
    panicked: u64,
    unfinished: u64,
    undelivered: u64,
    /// Whether the worker tells a call that nobody has counted yet.
    in_hand: bool,
    /// Whether the worker is to end when the queue is empty.
    pub(super) is_closing: bool,
    /// Whether nothing is taken from the queue any more, but to be dropped.
    is_over: bool,
    /// Whether there is nothing left to wait for.
    pub(super) has_ended: bool,
    pub(super) flushes: Flushes,
    /// How many dropped calls a flush or a shutdown has told of.
    told: u64,
}

/// Requests to flush. The worker answers all that there are when it begins with one.
#[derive(Debug)]
pub(super) struct Flushes {
    asked: u64,
    begun: u64,
    pub(super) done: u64,
    /// How many calls the worker has to take until it has all that waited when it began.
    left: usize,
    /// When nobody waits for an answer any more.
    until: Option<Instant>,
    pub(super) outcome: Result<(), DeliveryError>,
}

/// What the worker is to do.
#[derive(Debug)]
pub(super) enum Step {
    Tell(Call),
    Flush(Option<Instant>),
    Wait,
    End,
}

impl Outflow {
    pub(super) fn new(receiver: Receiver<Call>, capacity: usize) -> Self {
        let flushes = Flushes { asked: 0, begun: 0, done: 0, left: 0, until: None, outcome: Ok(()) };
        Self {
            receiver,
            capacity,
            delivered: 0,
            panicked: 0,
            unfinished: 0,
            undelivered: 0,
            in_hand: false,
            is_closing: false,
            is_over: false,
            has_ended: false,
            flushes,
            told: 0,
        }
    }

    /// The worker told a call. Whether that counts: it does not once the call was given up.
    pub(super) fn settle(&mut self, is_delivered: bool) -> bool {
        let counts = std::mem::take(&mut self.in_hand);
        match is_delivered {
            true => self.delivered += u64::from(counts),
            false => self.panicked += u64::from(counts),
        }
        counts
    }

    pub(super) fn next(&mut self) -> Step {
        if self.is_over {
            return Step::End;
        }
        if self.flushes.begin(self.capacity) && self.flushes.left == 0 {
            return Step::Flush(self.flushes.until);
        }
        if let Ok(call) = self.receiver.try_recv() {
            self.in_hand = true;
            self.flushes.left = self.flushes.left.saturating_sub(1);
            return Step::Tell(call);
        }
        if self.flushes.is_under_way() {
            return Step::Flush(self.flushes.until);
        }
        if self.is_closing {
            self.is_over = true;
            return Step::End;
        }
        Step::Wait
    }

    /// Drops what is left, with what the worker is in the middle of.
    pub(super) fn give_up(&mut self) {
        self.is_over = true;
        self.has_ended = true;
        self.unfinished += u64::from(std::mem::take(&mut self.in_hand));
        self.drop_late();
    }

    /// Drops what came when nothing was taken from the queue any more. Whether there was anything.
    pub(super) fn drop_late(&mut self) -> bool {
        let late = if self.is_over { self.receiver.try_iter().count() } else { 0 };
        self.undelivered += late as u64;
        late > 0
    }

    /// What the worker's side knows.
    pub(super) fn stats(&self) -> NonBlockingStats {
        let &Self { delivered, panicked, unfinished, undelivered, .. } = self;
        let dropped = Dropped { panicked, unfinished, undelivered, ..Dropped::default() };
        NonBlockingStats { delivered, dropped, ..NonBlockingStats::default() }
    }

    /// Of so many dropped calls, those that were not told of yet.
    pub(super) fn tell_of(&mut self, dropped: u64) -> u64 {
        dropped.saturating_sub(std::mem::replace(&mut self.told, dropped))
    }
}

impl Flushes {
    /// Asks for a flush that is worth something until then. It is done when `done` has reached what is returned.
    pub(super) fn ask(&mut self, until: Instant) -> u64 {
        self.asked += 1;
        self.until = self.until.max(Some(until));
        self.asked
    }

    /// Begins with what was asked for, unless there is one under way. Whether there is now.
    fn begin(&mut self, waiting: usize) -> bool {
        if !self.is_under_way() && self.asked > self.done {
            self.begun = self.asked;
            self.left = waiting;
        }
        self.is_under_way()
    }

    fn is_under_way(&self) -> bool {
        self.begun > self.done
    }

    pub(super) fn answer(&mut self, outcome: Result<(), DeliveryError>) {
        self.done = self.begun;
        self.outcome = outcome;
        if self.asked == self.done {
            self.until = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::sync_channel;
    use std::time::Duration;

    use cryostorm_exporter::MetricName;

    use super::super::super::call::CallValue;
    use super::*;

    fn call() -> Call {
        Call::new(&MetricName::from_static("calls"), CallValue::Increment(1))
    }

    #[test]
    fn a_flush_ends_however_fast_new_calls_come() {
        let (sender, receiver) = sync_channel(2);
        let mut outflow = Outflow::new(receiver, 2);
        outflow.flushes.ask(Instant::now());
        for _ in 0..2 {
            sender.try_send(call()).unwrap();
            assert!(matches!(outflow.next(), Step::Tell(_)));
            outflow.settle(true);
        }
        sender.try_send(call()).unwrap();
        assert!(matches!(outflow.next(), Step::Flush(_)));
        outflow.flushes.answer(Ok(()));
        assert!(matches!(outflow.next(), Step::Tell(_)));
    }

    #[test]
    fn one_answer_serves_all_that_asked_before_it_began() {
        let (_sender, receiver) = sync_channel(2);
        let mut outflow = Outflow::new(receiver, 2);
        let start = Instant::now();
        let first = outflow.flushes.ask(start + Duration::from_secs(9));
        let second = outflow.flushes.ask(start);
        let Step::Flush(until) = outflow.next() else { panic!("nothing waits") };
        assert_eq!(until, Some(start + Duration::from_secs(9)));
        let third = outflow.flushes.ask(start);
        outflow.flushes.answer(Ok(()));
        assert!(outflow.flushes.done >= first.max(second) && outflow.flushes.done < third);
        assert!(matches!(outflow.next(), Step::Flush(_)));
    }

    #[test]
    fn what_was_given_up_is_counted_once() {
        let (sender, receiver) = sync_channel(2);
        let mut outflow = Outflow::new(receiver, 2);
        (0..2).for_each(|_| sender.try_send(call()).unwrap());
        assert!(matches!(outflow.next(), Step::Tell(_)));
        (0..2).for_each(|_| outflow.give_up());
        assert!(!outflow.settle(true), "it returned, but too late");
        sender.try_send(call()).unwrap();
        assert!(outflow.drop_late());
        let dropped = Dropped { unfinished: 1, undelivered: 2, ..Dropped::default() };
        assert_eq!(outflow.stats(), NonBlockingStats { dropped, ..NonBlockingStats::default() });
        assert_eq!((outflow.tell_of(3), outflow.tell_of(3)), (3, 0));
        assert!(matches!(outflow.next(), Step::End));
    }
}
