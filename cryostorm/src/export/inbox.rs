//! What a worker on the export runtime is given: items, and requests to flush or to end.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::backlog::{Backlog, Entry};
use super::chunk::Chunk;
use super::queued::{Queued, Weighed};
use super::stats::{Intake, SignalCounts};

/// What waits and requests under one lock, so that no item slips in after the last request.
#[derive(Debug)]
pub(crate) struct Inbox<W> {
    state: Mutex<State<W>>,
    /// Notified when there is enough to do, and when a request came.
    pub(crate) wake: Notify,
    /// Notified when there is room, and when there will never be any.
    room: Condvar,
}

#[derive(Debug)]
struct State<W> {
    waiting: W,
    requests: Vec<mpsc::SyncSender<()>>,
    closed: bool,
}

/// What a worker has to do in one round.
pub(crate) struct Round {
    /// Whether it is the last one.
    pub(crate) last: bool,
    requests: Vec<mpsc::SyncSender<()>>,
}

impl<W> Inbox<W> {
    pub(crate) fn new(waiting: W) -> Self {
        let state = State { waiting, requests: Vec::new(), closed: false };
        Self { state: Mutex::new(state), wake: Notify::new(), room: Condvar::new() }
    }

    /// Asks the worker to do what waits now, and if `close`, to take nothing more in and end. Returns where it answers;
    /// nothing once it was asked to end.
    pub(crate) fn request(&self, close: bool) -> Option<mpsc::Receiver<()>> {
        let (done, answer) = mpsc::sync_channel(1);
        let mut state = self.state();
        if state.closed {
            return None;
        }
        state.closed = close;
        state.requests.push(done);
        drop(state);
        if close {
            self.room.notify_all();
        }
        self.wake.notify_one();
        Some(answer)
    }

    /// Begins a round with the requests made so far.
    pub(crate) fn round(&self) -> Round {
        let mut state = self.state();
        Round { last: state.closed, requests: std::mem::take(&mut state.requests) }
    }

    fn state(&self) -> MutexGuard<'_, State<W>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Queued> Inbox<Backlog<T>> {
    /// Takes a chunk in, or counts why not. Returns what the first item weighs that is left.
    pub(super) fn put_all(&self, chunk: &mut Chunk<T>, entry: Entry, counts: &SignalCounts) -> Option<usize> {
        let (mut state, items) = (self.state(), chunk.len());
        // To look at each item would be much of what a span costs.
        if !state.closed && state.waiting.admit_whole(chunk) {
            // Before the worker can see them.
            counts.accept(items);
            self.leave(state);
            return None;
        }
        let mut intake = Intake::default();
        while let Some(bytes) = chunk.first_bytes() {
            // Asked in any case, because the worker is called earlier where it is.
            let is_full = state.is_full_for(bytes);
            if is_full && entry == Entry::Waiting {
                break;
            }
            let Some(item) = chunk.pop() else { break };
            state.admit(item, entry, &mut intake);
        }
        counts.take_in(intake);
        self.leave(state);
        chunk.first_bytes()
    }

    /// Takes an item in, or counts why not. Waits for room as long as the patience lasts.
    pub(super) fn put(&self, item: Weighed<T>, mut patience: Patience, counts: &SignalCounts) {
        let mut state = self.room_for(item.bytes, &mut patience);
        let mut intake = Intake::default();
        state.admit(item, Entry::Within, &mut intake);
        // Before the worker can see it.
        counts.take_in(intake);
        self.leave(state);
    }

    /// Waits until there is room for an item that heavy, or never will be, or the patience is over.
    pub(super) fn await_room(&self, bytes: usize, patience: &mut Patience) {
        // Begins, even if there is room that somebody else will take.
        patience.left();
        drop(self.room_for(bytes, patience));
    }

    fn room_for(&self, bytes: usize, patience: &mut Patience) -> MutexGuard<'_, State<Backlog<T>>> {
        let mut state = self.state();
        while state.is_full_for(bytes)
            && let Some(left) = patience.left()
        {
            if state.waiting.call() {
                self.wake.notify_one();
            }
            state = self.room.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        state
    }

    /// Lets go of the state, and calls the worker if there is enough for it.
    fn leave(&self, mut state: MutexGuard<'_, State<Backlog<T>>>) {
        let call = state.waiting.call();
        drop(state);
        if call {
            self.wake.notify_one();
        }
    }

    /// The first `most` items, or as many as there are. None where they are neither enough nor `due`.
    pub(super) fn take(&self, most: usize, due: bool) -> Vec<T> {
        let taken = self.state().waiting.take(most, due);
        if !taken.is_empty() {
            self.room.notify_all();
        }
        taken
    }

    /// How what the lanes hold comes in. `None`: not now.
    pub(super) fn side_entry(&self) -> Option<Entry> {
        let state = self.state();
        // Once it is closed, to be counted as too late.
        if state.closed { Some(Entry::Within) } else { state.waiting.side_entry() }
    }

    pub(super) fn is_enough(&self) -> bool {
        self.state().waiting.is_enough()
    }

    pub(super) fn len(&self) -> usize {
        self.state().waiting.len()
    }
}

impl<T: Queued> State<Backlog<T>> {
    /// Whether there is no room for an item that heavy, but will be.
    fn is_full_for(&mut self, bytes: usize) -> bool {
        !self.closed && self.waiting.is_full_for(bytes)
    }

    /// Takes an item in, or notes why not.
    fn admit(&mut self, item: Weighed<T>, entry: Entry, intake: &mut Intake) {
        if self.closed {
            intake.after_shutdown += 1;
            return;
        }
        let admitted = match entry {
            Entry::Waiting | Entry::Within => self.waiting.admit(item),
            Entry::Beyond => self.waiting.admit_beyond(item).then_some(0),
        };
        match admitted {
            None => intake.queue_full += 1,
            Some(dropped) => {
                intake.accepted += 1;
                intake.dropped_oldest += dropped;
            }
        }
    }
}

impl Round {
    pub(crate) fn is_requested(&self) -> bool {
        !self.requests.is_empty()
    }

    /// Answers the requests of this round.
    pub(crate) fn answer(self) {
        for request in self.requests {
            // The caller may have given up waiting.
            let _ = request.try_send(());
        }
    }
}

/// How long somebody waits, from when there is first something to wait for.
#[derive(Debug)]
pub(super) struct Patience {
    limit: Duration,
    since: Option<Instant>,
}

impl Patience {
    pub(super) const NONE: Self = Self::new(Duration::ZERO);

    pub(super) const fn new(limit: Duration) -> Self {
        Self { limit, since: None }
    }

    /// How items come in that meanwhile may wait.
    pub(super) fn entry(&self) -> Entry {
        let is_over = |since: Instant| since.elapsed() >= self.limit;
        let is_over = self.limit.is_zero() || self.since.is_some_and(is_over);
        if is_over { Entry::Within } else { Entry::Waiting }
    }

    /// What is left of it, if anything.
    fn left(&mut self) -> Option<Duration> {
        if self.limit.is_zero() {
            return None;
        }
        let waited = self.since.get_or_insert_with(Instant::now).elapsed();
        self.limit.checked_sub(waited).filter(|left| !left.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::super::limits::{BatchLimits, WhenFull};
    use super::*;

    const PATIENT: Patience = Patience::new(Duration::MAX);

    fn inbox(capacity: usize) -> Inbox<Backlog<usize>> {
        Inbox::new(Backlog::new(BatchLimits::for_test(capacity, 100, WhenFull::DropNewest)))
    }

    fn put_each(
        inbox: &Inbox<Backlog<usize>>,
        items: impl IntoIterator<Item = usize>,
        counts: &SignalCounts,
    ) {
        items.into_iter().for_each(|item| inbox.put(Weighed::new(item), PATIENT, counts));
    }

    /// Returns once somebody was found to have no room: nothing else makes 40 of 100 bytes enough.
    fn await_blocked(inbox: &Inbox<Backlog<usize>>) {
        while !inbox.is_enough() {
            thread::yield_now();
        }
    }

    #[test]
    fn who_is_patient_gets_in_when_there_is_room() {
        let (inbox, counts) = (inbox(10), SignalCounts::default());
        thread::scope(|scope| {
            scope.spawn(|| put_each(&inbox, [40, 70], &counts));
            await_blocked(&inbox);
            assert_eq!(counts.read().accepted, 1, "counted before it waits");
            assert_eq!(inbox.take(9, false), [40]);
        });
        assert_eq!(inbox.take(9, true), [70]);
        assert_eq!((counts.read().accepted, counts.read().lost()), (2, 0));
    }

    #[test]
    fn the_end_is_nothing_to_wait_for() {
        let (inbox, counts) = (inbox(10), SignalCounts::default());
        thread::scope(|scope| {
            scope.spawn(|| put_each(&inbox, [40, 70, 71], &counts));
            await_blocked(&inbox);
            assert!(inbox.request(true).is_some());
        });
        assert!(inbox.request(true).is_none());
        let stats = counts.read();
        assert_eq!((stats.accepted, stats.queue_full, stats.after_shutdown), (1, 0, 2));
    }

    #[test]
    fn patience_ends_for_all_together() {
        let (inbox, counts) = (inbox(1), SignalCounts::default());
        let limit = Duration::from_millis(20);
        let (mut patience, start) = (Patience::new(limit), Instant::now());
        let mut chunk = Chunk::from_iter([1; 1000]);
        while let Some(bytes) = inbox.put_all(&mut chunk, patience.entry(), &counts) {
            inbox.await_room(bytes, &mut patience);
        }
        assert!(start.elapsed() >= limit);
        let stats = counts.read();
        assert_eq!((stats.accepted, stats.queue_full), (1, 999));
        inbox.put(Weighed::new(1), Patience::NONE, &counts);
        inbox.put(Weighed::new(101), PATIENT, &counts);
        assert_eq!(counts.read().queue_full, 1001, "what can never fit does not wait");
    }

    #[test]
    fn of_a_chunk_what_must_wait_stays() {
        let (inbox, counts) = (inbox(2), SignalCounts::default());
        let mut chunk = Chunk::from_iter([10, 101, 20, 30, 40]);
        assert_eq!(inbox.put_all(&mut chunk, Entry::Waiting, &counts), Some(30));
        assert_eq!((chunk.len(), counts.read().accepted, counts.read().queue_full), (2, 2, 1));
        assert_eq!(inbox.take(9, false), [10, 20], "somebody waits");
        assert_eq!(inbox.put_all(&mut chunk, Entry::Waiting, &counts), None);
        assert_eq!(inbox.take(9, true), [30, 40]);
    }

    #[test]
    fn beyond_the_bounds_is_no_limit_but_that_of_one_item() {
        let (inbox, counts) = (inbox(2), SignalCounts::default());
        assert_eq!(inbox.side_entry(), Some(Entry::Beyond));
        inbox.put_all(&mut Chunk::from_iter([60, 70, 80, 101]), Entry::Beyond, &counts);
        assert_eq!(inbox.side_entry(), Some(Entry::Within));
        inbox.put_all(&mut Chunk::from_iter([1]), Entry::Within, &counts);
        assert_eq!((counts.read().accepted, counts.read().queue_full), (3, 2));
        assert_eq!(inbox.take(9, false), [60, 70, 80]);
        assert_eq!(inbox.side_entry(), Some(Entry::Beyond));
    }

    #[test]
    fn where_threads_wait_nothing_more_comes_in_beside_a_queue_twice_full() {
        let limits = BatchLimits::for_test(2, 100, WhenFull::Block(Duration::MAX));
        let (inbox, counts) = (Inbox::new(Backlog::new(limits)), SignalCounts::default());
        inbox.put_all(&mut Chunk::from_iter([1, 2, 3]), Entry::Beyond, &counts);
        assert_eq!(inbox.side_entry(), Some(Entry::Beyond));
        inbox.put_all(&mut Chunk::from_iter([4]), Entry::Beyond, &counts);
        assert_eq!(inbox.side_entry(), None);
        inbox.take(9, true);
        inbox.put_all(&mut Chunk::from_iter([100, 99]), Entry::Beyond, &counts);
        assert_eq!(inbox.side_entry(), Some(Entry::Beyond));
        inbox.put_all(&mut Chunk::from_iter([1]), Entry::Beyond, &counts);
        assert_eq!(inbox.side_entry(), None, "nor where it takes twice the memory");
        assert!(inbox.request(true).is_some());
        assert_eq!(inbox.side_entry(), Some(Entry::Within), "it is too late for them");
    }

    #[test]
    fn many_threads_lose_nothing_through_a_narrow_door() {
        let (inbox, counts) = (inbox(3), SignalCounts::default());
        let (threads, each) = (4_usize, 500_usize);
        let mut taken = Vec::new();
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    put_each(&inbox, (0..each).map(|item| item % 50), &counts);
                });
            }
            while taken.len() < threads * each {
                taken.extend(inbox.take(2, true));
            }
        });
        taken.sort_unstable();
        let mut all: Vec<_> = (0..threads * each).map(|item| item % 50).collect();
        all.sort_unstable();
        assert_eq!(taken, all);
        assert_eq!((counts.read().accepted, counts.read().lost()), (2000, 0));
    }
}
