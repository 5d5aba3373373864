//! The cells of all threads, and what the SDK was told of them.

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter, UpDownCounter};

use super::counter::{self, CounterCell};
use super::histogram::{self, HistogramCell};
use super::in_flight::{self, InFlightCell};
use super::shard::ThreadCells;

/// No call waits for a collection here: the locks that a thread takes, when it meets a series for the first time and
/// when it begins and ends, are held for a few instructions.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pub(super) counters: Book<CounterCell, counter::Told>,
    pub(super) histograms: Book<HistogramCell, histogram::Told>,
    pub(super) in_flight: Book<InFlightCell, in_flight::Told>,
    /// The cells of threads that ended, for threads that begin: many short threads make no more of them than there are
    /// at once.
    idle: Mutex<Vec<ThreadCells>>,
}

impl Ledger {
    pub(super) fn take_idle(&self) -> Option<ThreadCells> {
        lock(&self.idle).pop()
    }

    pub(super) fn put_idle(&self, cells: ThreadCells) {
        lock(&self.idle).push(cells);
    }

    /// A counter of one thread.
    pub(in crate::instrument) fn counter(
        &self,
        counter: Counter<u64>,
        attributes: Vec<KeyValue>,
    ) -> Arc<CounterCell> {
        let cell = Arc::new(CounterCell::new(counter, attributes));
        self.counters.enrol(Arc::clone(&cell));
        cell
    }

    /// An up-down counter of one thread.
    pub(in crate::instrument) fn up_down_counter(
        &self,
        counter: UpDownCounter<i64>,
        attributes: Vec<KeyValue>,
    ) -> Arc<InFlightCell> {
        let cell = Arc::new(InFlightCell::new(counter, attributes));
        self.in_flight.enrol(Arc::clone(&cell));
        cell
    }

    #[cfg(test)]
    pub(crate) fn known_counters(&self) -> usize {
        lock(&self.counters.accounts).len()
    }

    /// Tells the SDK what came since the last time.
    pub(crate) fn drain(&self) {
        // From here on nobody takes them up again, and they are drained for the last time.
        let idle = mem::take(&mut *lock(&self.idle));
        // Without the lock, which threads take when they begin and end.
        drop(idle);
        self.counters.settle(|accounts| {
            accounts.iter_mut().for_each(|account| account.cell.drain(&mut account.told));
        });
        self.histograms.settle(|accounts| {
            accounts.iter_mut().for_each(|account| account.cell.drain(&mut account.told));
        });
        self.in_flight.settle(|accounts| {
            accounts.iter_mut().for_each(|account| account.cell.look_at_ends(&mut account.told));
            accounts.iter_mut().for_each(|account| account.cell.tell_beginnings(&mut account.told));
            accounts.iter_mut().for_each(|account| account.cell.tell_ends(&mut account.told));
        });
    }
}

/// The cells of one kind.
#[derive(Debug)]
pub(super) struct Book<C, T> {
    /// Those made since the last time.
    arrived: Mutex<Vec<Arc<C>>>,
    /// Locked while the SDK is told of them, so that two collections do not tell the same.
    accounts: Mutex<Vec<Account<C, T>>>,
}

#[derive(Debug)]
struct Account<C, T> {
    cell: Arc<C>,
    told: T,
    /// Whether its thread ended.
    is_closed: bool,
}

impl<C, T> Default for Book<C, T> {
    fn default() -> Self {
        Self { arrived: Mutex::default(), accounts: Mutex::default() }
    }
}

impl<C, T: Default> Book<C, T> {
    pub(super) fn enrol(&self, cell: Arc<C>) {
        lock(&self.arrived).push(cell);
    }

    fn settle(&self, tell: impl FnOnce(&mut [Account<C, T>])) {
        let mut accounts = lock(&self.accounts);
        let arrived = mem::take(&mut *lock(&self.arrived));
        accounts.extend(arrived.into_iter().map(|cell| Account {
            cell,
            told: T::default(),
            is_closed: false,
        }));
        for account in accounts.iter_mut() {
            // Asked before the cell is read: what nobody else holds is written no more.
            account.is_closed = Arc::get_mut(&mut account.cell).is_some();
        }
        tell(&mut accounts);
        accounts.retain(|account| !account.is_closed);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
