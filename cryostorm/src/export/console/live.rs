//! What the console keeps in mind to show trees: what runs, what waits, and which logs come before.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use opentelemetry_sdk::trace::SpanData;
use tokio::sync::Notify;
use tokio::time::timeout;

use super::super::exporter::LogEntry;
use super::super::stats::SignalCounts;
use super::forest::Forest;
use super::palette::Palette;
use super::row::{log_line, start_line};
use super::starts::Starts;
use super::tree::Tree;

/// How long spans wait for logs that came before them, which is never unless something is wrong with their queue.
const PATIENCE: Duration = Duration::from_millis(250);

#[derive(Debug, Default)]
pub(super) struct Live {
    pub(super) starts: Starts,
    forest: Mutex<Forest>,
    pub(super) logs: LogsBefore,
}

impl Live {
    /// Lines about spans that have started, and trees that have waited too long.
    pub(super) fn look(&self, palette: &Palette) -> String {
        self.show(palette, |forest, trees, _| forest.expire(Instant::now(), trees))
    }

    /// Trees of which these spans are the last.
    pub(super) fn spans(&self, spans: Vec<SpanData>, palette: &Palette) -> String {
        let now = Instant::now();
        self.show(palette, |forest, trees, _| spans.into_iter().for_each(|span| forest.end(span, now, trees)))
    }

    /// Logs that belong in no tree.
    pub(super) fn logs(&self, logs: Vec<LogEntry>, palette: &Palette) -> String {
        let now = Instant::now();
        self.show(palette, |forest, trees, text| {
            for log in logs {
                if let Some((record, _)) = forest.log(log, now, trees) {
                    text.push_str(&log_line(&record, palette));
                }
            }
        })
    }

    /// Everything that is left.
    pub(super) fn rest(&self, palette: &Palette) -> String {
        self.show(palette, |forest, trees, _| forest.clear(trees))
    }

    fn show(
        &self,
        palette: &Palette,
        change: impl FnOnce(&mut Forest, &mut Vec<Tree>, &mut String),
    ) -> String {
        let mut forest = lock(&self.forest);
        let (mut text, mut trees) = (String::new(), Vec::new());
        // Whatever ended or was logged since, started before that.
        let started = self.starts.take();
        for span in started.spans {
            let depth = forest.start(span.clone(), &mut trees);
            text.push_str(&start_line(&span, depth, palette));
        }
        if started.missed > 0 {
            text.push_str(&format!("… {} more spans started\n", started.missed));
        }
        change(&mut forest, &mut trees, &mut text);
        drop(forest);
        trees.iter().for_each(|tree| tree.write(palette, &mut text));
        text
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Logs and spans come by queues of their own. A tree is to have the logs that came before its root ended.
#[derive(Debug, Default)]
pub(super) struct LogsBefore {
    /// Of the queue of logs, where they go to the console.
    counts: Mutex<Option<Arc<SignalCounts>>>,
    received: AtomicU64,
    arrived: Notify,
}

impl LogsBefore {
    pub(super) fn count_by(&self, counts: &Arc<SignalCounts>) {
        *lock(&self.counts) = Some(Arc::clone(counts));
        self.received.store(0, Ordering::Release);
    }

    pub(super) fn receive(&self, logs: usize) {
        self.received.fetch_add(logs as u64, Ordering::AcqRel);
        self.arrived.notify_waiters();
    }

    /// Waits for the logs that were queued until now.
    pub(super) async fn wait(&self) {
        let Some(counts) = lock(&self.counts).clone() else { return };
        let queued = counts.read().accepted;
        let all = async {
            loop {
                let arrived = self.arrived.notified();
                if self.received.load(Ordering::Acquire) + counts.read().dropped_oldest >= queued {
                    return;
                }
                arrived.await;
            }
        };
        if timeout(PATIENCE, all).await.is_err() {
            // They are lost: not to be waited for again.
            self.received.fetch_max(queued, Ordering::AcqRel);
        }
    }
}
