//! The bounded queue between instrumented code and an exporter, for spans and log records alike.

use std::fmt;
use std::sync::Arc;

use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use super::backlog::Backlog;
use super::chunk::Chunk;
use super::delivery::Delivery;
use super::error::Signal;
use super::exporter::Exporter;
use super::inbox::{Entry, Inbox, Patience};
use super::limits::{BatchLimits, WhenFull};
use super::overflow::Overflow;
use super::pending::Pending;
use super::provider::Outlet;
use super::queued::{Queued, Weighed};
use super::runtime::{self, ExportRuntime};
use super::sources::{Source, Sources};
use super::stats::SignalCounts;

/// The sending side. Clones feed the same worker.
pub(crate) struct Queue<T: Queued> {
    shared: Arc<Shared<T>>,
    /// Keeps the worker running while something can still be sent.
    _runtime: ExportRuntime,
}

struct Shared<T: Queued> {
    inbox: Inbox<Backlog<T>>,
    sources: Sources<T>,
    limits: BatchLimits,
    delivery: Arc<Delivery<T>>,
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
        let shared = Arc::new(Shared { inbox, sources: Sources::default(), limits, delivery });
        runtime.spawn(Arc::clone(&shared).work());
        Self { shared, _runtime: runtime.clone() }
    }

    /// Takes an item in, or counts why not. Waits only where the settings say so.
    pub(crate) fn push(&self, item: T) {
        self.shared.inbox.put(Weighed::new(item), self.entry(), self.shared.delivery.counts());
    }

    /// Takes all of a chunk in, as [`push`](Self::push) does, but at the price of one.
    pub(crate) fn push_all(&self, chunk: &mut Chunk<T>) {
        self.shared.inbox.put_all(chunk, self.entry(), self.shared.delivery.counts());
    }

    /// Takes all of a chunk in, as it takes what a source holds: without a wait.
    pub(crate) fn take_over(&self, chunk: &mut Chunk<T>) {
        self.shared.put_at_once(chunk, self.shared.inbox.is_open());
    }

    /// Whether [`push_all`](Self::push_all) may wait for the worker.
    pub(crate) fn may_wait(&self) -> bool {
        matches!(self.shared.limits.when_full, WhenFull::Block(_))
    }

    /// From now on `source` is asked for what it holds: when the delay is over, at each flush and at shutdown. Without a
    /// delay only at the latter two.
    pub(crate) fn add_source(&self, source: Arc<dyn Source<T>>) {
        self.shared.sources.add(source);
    }

    /// Where a source holds back what it then hands over at once.
    pub(crate) fn chunk(&self) -> Chunk<T> {
        Chunk::new(self.shared.limits.chunk_items(), self.shared.limits.chunk_bytes())
    }

    fn entry(&self) -> Entry {
        Entry::Within(match self.shared.limits.when_full {
            // Exports need the threads of the export runtime: there would never be room.
            WhenFull::Block(limit) if !runtime::is_exporting_thread() => Patience::new(limit),
            _ => Patience::NONE,
        })
    }
}

impl<T: Queued> Outlet for Queue<T> {
    fn request(&self, close: bool) -> Pending {
        // Not left to the worker: it may wait for an exporter that takes longer than whoever asks.
        self.shared.gather();
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
            if due {
                self.gather();
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
                self.sources.forget();
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

    /// Puts what the sources hold into the queue. Never waits for room, because it may be the worker who asks.
    fn gather(&self) {
        // Where it is, it takes memory too: no reason to lose it. But not time after time while nothing leaves the queue.
        let is_open = self.inbox.is_open();
        self.sources.gather(|mut chunk| self.put_at_once(&mut chunk, is_open));
    }

    fn put_at_once(&self, chunk: &mut Chunk<T>, is_open: bool) {
        let entry = if is_open { Entry::Beyond } else { Entry::Within(Patience::NONE) };
        self.inbox.put_all(chunk, entry, self.delivery.counts());
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
    use std::sync::Mutex;
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

    /// The buffer of a thread that goes on.
    struct Buffer(Mutex<Vec<LogEntry>>);

    impl Source<LogEntry> for Buffer {
        fn take(&self) -> Chunk<LogEntry> {
            self.0.lock().unwrap().drain(..).collect()
        }

        fn is_gone(&self) -> bool {
            false
        }
    }

    fn queue(delay: Duration) -> (Queue<LogEntry>, InMemoryExporter, Arc<SignalCounts>) {
        let mut limits = BatchLimits::for_test(100, usize::MAX, WhenFull::DropNewest);
        limits.delay = Some(delay);
        let (memory, counts) = (InMemoryExporter::default(), Arc::<SignalCounts>::default());
        let exporter = Exporter::<LogEntry>::logs(memory.clone(), "memory");
        let runtime = ExportRuntime::start().unwrap();
        (Queue::start(exporter, Signal::Logs, limits, Arc::clone(&counts), &runtime), memory, counts)
    }

    fn events(memory: &InMemoryExporter) -> Vec<&'static str> {
        memory.logs().iter().filter_map(SdkLogRecord::event_name).collect()
    }

    #[test]
    fn what_sources_hold_leaves_with_a_flush_and_with_shutdown() {
        let (queue, memory, counts) = queue(LONG);
        let buffer = Arc::new(Buffer(Mutex::new(vec![entry("first")])));
        queue.add_source(buffer.clone());
        queue.push_all(&mut Chunk::from_iter([entry("zeroth")]));
        queue.request(false).wait(LONG).unwrap();
        assert_eq!(events(&memory), ["zeroth", "first"]);
        buffer.0.lock().unwrap().push(entry("second"));
        queue.request(true).wait(LONG).unwrap();
        assert_eq!(events(&memory), ["zeroth", "first", "second"]);
        queue.push_all(&mut Chunk::from_iter([entry("late"), entry("later")]));
        let stats = counts.read();
        assert_eq!((stats.accepted, stats.exported, stats.after_shutdown), (3, 3, 2));
    }

    #[test]
    fn a_flush_loses_nothing_though_the_sources_hold_more_than_the_queue() {
        let (queue, memory, counts) = queue(LONG);
        for _ in 0..3 {
            let held = (0..90).map(|_| entry("held")).collect();
            queue.add_source(Arc::new(Buffer(Mutex::new(held))));
        }
        queue.request(false).wait(LONG).unwrap();
        assert_eq!((events(&memory).len(), counts.read().exported, counts.read().lost()), (270, 270, 0));
    }

    #[test]
    fn what_sources_hold_leaves_when_the_delay_is_over() {
        let (queue, memory, _) = queue(Duration::from_millis(1));
        queue.add_source(Arc::new(Buffer(Mutex::new(vec![entry("idle")]))));
        while events(&memory) != ["idle"] {
            std::thread::yield_now();
        }
    }
}
