//! The bounded queue between instrumented code and an exporter, for spans and log records alike.

use std::fmt;
use std::sync::Arc;

use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use crate::forks;

use super::backlog::{Backlog, Entry};
use super::chunk::Chunk;
use super::delivery::Delivery;
use super::error::Signal;
use super::exporter::Exporter;
use super::inbox::{Inbox, Patience};
use super::lane::Lane;
use super::lanes::Lanes;
use super::limits::{BatchLimits, WhenFull};
use super::overflow::Overflow;
use super::pending::Pending;
use super::provider::Outlet;
use super::queued::{Queued, Weighed};
use super::runtime::{self, ExportRuntime};
use super::stats::SignalCounts;

/// The sending side. Clones feed the same worker.
pub(crate) struct Queue<T: Queued> {
    shared: Arc<Shared<T>>,
    /// Keeps the worker running while something can still be sent.
    _runtime: ExportRuntime,
}

struct Shared<T: Queued> {
    inbox: Inbox<Backlog<T>>,
    lanes: Lanes<T>,
    limits: BatchLimits,
    delivery: Arc<Delivery<T>>,
    /// How often the process had been forked when the worker started.
    forks: u64,
}

impl<T: Queued> Queue<T> {
    /// Starts a worker on the runtime that takes from this queue.
    pub(crate) fn start(
        exporter: Exporter<T>,
        signal: Signal,
        limits: BatchLimits,
        counts: Arc<SignalCounts>,
        runtime: &ExportRuntime,
    ) -> Self {
        exporter.attach(runtime, &counts);
        let limits = if exporter.is_prompt() { limits.prompt() } else { limits };
        let delivery = Arc::new(Delivery::new(exporter, signal, limits.timeout, counts, runtime));
        let inbox = Inbox::new(Backlog::new(limits));
        let shared =
            Arc::new(Shared { inbox, lanes: Lanes::default(), limits, delivery, forks: forks::count() });
        runtime.spawn(Arc::clone(&shared).work());
        Self { shared, _runtime: runtime.clone() }
    }

    /// Takes an item in, or counts why not. Waits only where the settings say so.
    pub(crate) fn push(&self, item: T) {
        self.shared.inbox.put(Weighed::new(item), self.patience(), self.shared.delivery.counts());
    }

    /// Takes a chunk in, at the price of one item, or counts why not. Returns what the first item weighs that is left.
    pub(super) fn push_all(&self, chunk: &mut Chunk<T>, entry: Entry) -> Option<usize> {
        self.shared.inbox.put_all(chunk, entry, self.shared.delivery.counts())
    }

    /// Waits until there is room for an item that heavy, or never will be, or the patience is over.
    pub(super) fn await_room(&self, bytes: usize, patience: &mut Patience) {
        self.shared.inbox.await_room(bytes, patience);
    }

    /// Whether there is anybody who takes from it: the worker is a thread of the process that started it, and of no fork.
    pub(super) fn has_worker(&self) -> bool {
        forks::count() == self.shared.forks
    }

    /// How long this thread may wait for room.
    pub(super) fn patience(&self) -> Patience {
        match self.shared.limits.when_full {
            // Exports need the threads of the export runtime: there would never be room.
            WhenFull::Block(limit) if self.has_worker() && !runtime::is_exporting_thread() => {
                Patience::new(limit)
            }
            _ => Patience::NONE,
        }
    }

    /// A way in for one thread, which holds back what it then hands over at once. It is emptied when the delay is over, at
    /// each flush and at shutdown; without a delay only at the latter two.
    pub(crate) fn lane(&self) -> Lane<T> {
        let (lane, end) = Lane::new(self.clone(), &self.shared.limits);
        self.shared.lanes.add(end);
        lane
    }
}

impl<T: Queued> Outlet for Queue<T> {
    fn request(&self, close: bool) -> Pending {
        // Not left to the worker: it may wait for an exporter that takes longer than whoever asks.
        if close {
            // All of it, because that happens once.
            self.shared.gather_as(Entry::Beyond);
        } else {
            self.shared.gather();
        }
        self.shared.delivery.request(&self.shared.inbox, close)
    }
}

impl<T: Queued> Shared<T> {
    async fn work(self: Arc<Self>) {
        let mut under_way = JoinSet::new();
        let mut overflow = Overflow::default();
        let mut tick = self.next_tick();
        loop {
            let is_over = self.next_round(tick).await;
            if is_over {
                tick = self.next_tick();
            }
            let round = self.inbox.round();
            let due = is_over || round.is_requested();
            if due && !self.gather() {
                self.export(due, &mut under_way).await;
                // Whoever put something in meanwhile: that much has left.
                self.gather_as(Entry::Beyond);
            }
            self.export(due, &mut under_way).await;
            overflow.watch(self.delivery.signal(), self.delivery.counts().read());
            if round.is_requested() {
                // Those that began earlier too: what they carry was there when it was asked for.
                while under_way.join_next().await.is_some() {}
            }
            if round.last {
                // What ended since it was asked to close is counted as too late, and nothing is asked for again.
                self.gather();
                // Before the answer: whoever gets it may end the runtime.
                self.delivery.shutdown().await;
                return round.answer();
            }
            round.answer();
        }
    }

    /// When an item that comes now has waited long enough.
    fn next_tick(&self) -> Option<Instant> {
        // A delay beyond what the clock can express has no end.
        self.limits.delay.and_then(|delay| Instant::now().checked_add(delay))
    }

    /// Waits until there is something to do. True if the delay is over, however much there was to do meanwhile.
    async fn next_round(&self, tick: Option<Instant>) -> bool {
        let woken = self.inbox.wake.notified();
        if !self.inbox.is_enough() {
            match tick {
                Some(tick) => drop(timeout_at(tick, woken).await),
                None => woken.await,
            }
        }
        tick.is_some_and(|tick| tick <= Instant::now())
    }

    /// Puts what the lanes hold into the queue. Never waits for room, because it may be the worker who asks. False if it must
    /// stay where it is until something leaves the queue.
    fn gather(&self) -> bool {
        self.inbox.side_entry().map(|entry| self.gather_as(entry)).is_some()
    }

    fn gather_as(&self, entry: Entry) {
        self.lanes.gather(|chunk| {
            self.inbox.put_all(chunk, entry, self.delivery.counts());
        });
    }

    /// Begins to export in batches; one that is not full, only when it is `due`.
    async fn export(&self, due: bool, under_way: &mut JoinSet<()>) {
        // Only as many as wait now, so that a flush ends however fast new ones come.
        let mut waiting = self.inbox.len();
        while waiting > 0 {
            // An item leaves the queue only when its export can begin.
            while under_way.len() >= self.limits.concurrency {
                under_way.join_next().await;
            }
            let batch = self.inbox.take(self.limits.batch_size, due);
            let items = batch.len();
            if items == 0 {
                return;
            }
            waiting = waiting.saturating_sub(items);
            let delivery = Arc::clone(&self.delivery);
            under_way.spawn(async move { delivery.deliver(batch, items).await });
        }
    }
}

impl<T: Queued> Clone for Queue<T> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), _runtime: self._runtime.clone() }
    }
}

impl<T: Queued> fmt::Debug for Queue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue").field("limits", &self.shared.limits).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use opentelemetry::logs::{LogRecord as _, Logger as _, LoggerProvider as _};
    use opentelemetry_sdk::logs::{SdkLogRecord, SdkLoggerProvider};

    use super::super::exporter::LogEntry;
    use super::super::memory::InMemoryExporter;
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    fn entry(event: &'static str) -> LogEntry {
        let mut record = SdkLoggerProvider::builder().build().logger("test").create_log_record();
        record.set_event_name(event);
        (record, Default::default())
    }

    fn queue(delay: Duration) -> (Queue<LogEntry>, InMemoryExporter, Arc<SignalCounts>) {
        let limits = BatchLimits::for_test(100, usize::MAX, WhenFull::DropNewest);
        queue_within(BatchLimits { delay: Some(delay), ..limits })
    }

    fn queue_within(limits: BatchLimits) -> (Queue<LogEntry>, InMemoryExporter, Arc<SignalCounts>) {
        let (memory, counts) = (InMemoryExporter::default(), Arc::<SignalCounts>::default());
        let exporter = Exporter::<LogEntry>::logs(memory.clone(), "memory");
        let runtime = ExportRuntime::start().unwrap();
        (Queue::start(exporter, Signal::Logs, limits, Arc::clone(&counts), &runtime), memory, counts)
    }

    fn events(memory: &InMemoryExporter) -> Vec<&'static str> {
        memory.logs().iter().filter_map(SdkLogRecord::event_name).collect()
    }

    #[test]
    fn what_lanes_hold_leaves_with_a_flush_and_with_shutdown() {
        let (queue, memory, counts) = queue(LONG);
        let lane = queue.lane();
        lane.push(entry("first"));
        queue.push(entry("zeroth"));
        queue.request(false).wait(LONG).unwrap();
        assert_eq!(events(&memory), ["zeroth", "first"]);
        lane.push(entry("second"));
        queue.request(true).wait(LONG).unwrap();
        assert_eq!(events(&memory), ["zeroth", "first", "second"]);
        queue.push_all(&mut Chunk::from_iter([entry("late"), entry("later")]), Entry::Within);
        lane.push(entry("latest"));
        drop(lane);
        let stats = counts.read();
        assert_eq!((stats.accepted, stats.exported, stats.after_shutdown), (3, 3, 3));
    }

    #[test]
    fn a_flush_loses_nothing_though_the_lanes_hold_more_than_the_queue() {
        let (queue, memory, counts) = queue(LONG);
        let lanes = [(); 3].map(|()| queue.lane());
        for lane in &lanes {
            (1..queue.shared.limits.chunk_items()).for_each(|_| lane.push(entry("held")));
        }
        assert_eq!(counts.read().accepted, 0);
        queue.request(false).wait(LONG).unwrap();
        assert_eq!((events(&memory).len(), counts.read().exported, counts.read().lost()), (147, 147, 0));
    }

    #[test]
    fn shutdown_takes_what_lanes_hold_however_full_the_queue() {
        for when_full in [WhenFull::DropNewest, WhenFull::DropOldest, WhenFull::Block(LONG)] {
            let limits = BatchLimits::for_test(4, usize::MAX, when_full);
            let (queue, _, counts) = queue_within(limits);
            let lanes = [(); 9].map(|()| queue.lane());
            lanes.iter().for_each(|lane| lane.push(entry("held")));
            queue.push_all(&mut Chunk::from_iter([(); 8].map(|()| entry("beyond"))), Entry::Beyond);
            queue.request(true).wait(LONG).unwrap();
            assert_eq!((counts.read().exported, counts.read().lost()), (17, 0), "{when_full:?}");
        }
    }

    #[test]
    fn what_lanes_hold_leaves_when_the_delay_is_over() {
        let (queue, memory, _) = queue(Duration::from_millis(1));
        queue.lane().push(entry("ended"));
        let lane = queue.lane();
        lane.push(entry("idle"));
        while events(&memory).len() < 2 {
            thread::yield_now();
        }
    }

    #[test]
    fn a_lane_hands_over_when_it_is_enough_and_when_its_thread_ends() {
        let limits = BatchLimits::for_test(100, 8 * entry("light").bytes(), WhenFull::DropNewest);
        let (queue, _, counts) = queue_within(BatchLimits { delay: Some(LONG), ..limits });
        let lane = queue.lane();
        let accepted = || (lane.push(entry("light")), counts.read().accepted).1;
        assert_eq!([(); 5].map(|()| accepted()), [0, 0, 0, 4, 4], "half of the memory");
        drop(lane);
        assert_eq!(counts.read().accepted, 5);
        let (queue, _, counts) = self::queue(LONG);
        let lane = queue.lane();
        (0..51).for_each(|_| lane.push(entry("light")));
        assert_eq!(counts.read().accepted, 50, "half of the queue");
    }

    #[test]
    fn lanes_that_are_gone_are_forgotten() {
        let (queue, ..) = queue(LONG);
        let lane = queue.lane();
        (0..100).for_each(|_| drop(queue.lane()));
        let lanes = || queue.shared.lanes.len();
        assert!(lanes() < 5, "{} though nobody gathered", lanes());
        queue.request(false).wait(LONG).unwrap();
        assert_eq!(lanes(), 1);
        drop(lane);
        queue.request(false).wait(LONG).unwrap();
        assert_eq!(lanes(), 0);
    }

    #[test]
    fn a_flush_finds_what_lanes_hold_though_the_queue_is_twice_full() {
        let limits = BatchLimits::for_test(4, usize::MAX, WhenFull::Block(LONG));
        let (queue, memory, _) = queue_within(BatchLimits { delay: Some(LONG), ..limits });
        let lane = queue.lane();
        lane.push(entry("held"));
        let (runs, running) = mpsc::channel();
        let (release, held) = mpsc::channel::<()>();
        queue._runtime.spawn(async move {
            runs.send(()).unwrap();
            let _ = held.recv();
        });
        running.recv().unwrap();
        // The worker has no thread meanwhile.
        queue.push_all(&mut Chunk::from_iter([(); 8].map(|()| entry("waits"))), Entry::Beyond);
        let flush = queue.request(false);
        drop(release);
        flush.wait(LONG).unwrap();
        assert_eq!((events(&memory).len(), events(&memory).last()), (9, Some(&"held")));
    }

    #[test]
    fn many_threads_lose_nothing_while_others_flush() {
        let limits = BatchLimits::for_test(10, usize::MAX, WhenFull::Block(LONG));
        let (queue, _, counts) = queue_within(limits);
        let (threads, each, pushed) = (4, 2000, AtomicU64::new(0));
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    let lane = queue.lane();
                    for _ in 0..each {
                        lane.push(entry("ended"));
                        pushed.fetch_add(1, Ordering::AcqRel);
                    }
                });
            }
            for _ in 0..50 {
                let before = pushed.load(Ordering::Acquire);
                queue.request(false).wait(LONG).unwrap();
                let exported = counts.read().exported;
                assert!(
                    exported >= before,
                    "{exported} of {before}, though their threads wait to hand them over"
                );
            }
        });
        queue.request(false).wait(LONG).unwrap();
        assert_eq!((counts.read().exported, counts.read().lost()), (threads * each, 0));
    }
}
