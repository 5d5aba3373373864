//! The export runtime: one worker thread that every exporter runs on.

use std::cell::Cell;
use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;

use opentelemetry::Context;
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

use super::outage::Outage;

thread_local! {
    /// Whether this thread belongs to an export runtime.
    static IS_EXPORTING: Cell<bool> = const { Cell::new(false) };
}

/// Whether exports need this thread, so that it must not wait for one.
pub(super) fn is_exporting_thread() -> bool {
    // No thread of ours is asked at its end.
    IS_EXPORTING.try_with(Cell::get).unwrap_or(false)
}

/// One thread of cryostorm's own with a tokio runtime on it. Clones share it.
///
/// Every exporter is built and driven here, so it works the same under plain `main`, every tokio flavour and other
/// executors, and a caller never waits for the network. Telemetry that exporters themselves produce is suppressed.
/// The thread ends at [`shutdown`](Self::shutdown), or when the last clone is gone.
#[derive(Clone)]
pub struct ExportRuntime {
    inner: Arc<Inner>,
}

struct Inner {
    handle: Handle,
    /// Dropped at shutdown or with the last clone, which ends the worker.
    alive: Mutex<Option<oneshot::Sender<()>>>,
    outages: Mutex<HashMap<String, Arc<Outage>>>,
}

impl ExportRuntime {
    /// Starts the worker thread.
    ///
    /// # Errors
    ///
    /// The operating system refused a thread or what a runtime needs.
    pub fn start() -> std::io::Result<Self> {
        let (alive, ended) = oneshot::channel::<()>();
        let (ready, started) = mpsc::sync_channel(1);
        // The runtime is built on the worker, and so also dropped there: dropping one inside async code panics.
        thread::Builder::new().name("cryostorm-export".to_owned()).spawn(move || {
            let _suppressed = Context::enter_telemetry_suppressed_scope();
            IS_EXPORTING.set(true);
            // So are the threads for what blocks: the scope of such a thread is its whole life.
            let prepare = || {
                std::mem::forget(Context::enter_telemetry_suppressed_scope());
                IS_EXPORTING.set(true);
            };
            match Builder::new_current_thread().enable_all().on_thread_start(prepare).build() {
                Err(error) => drop(ready.send(Err(error))),
                Ok(runtime) => {
                    drop(ready.send(Ok(runtime.handle().clone())));
                    // An error means that the sender is gone, which is the signal.
                    let _ = runtime.block_on(ended);
                    runtime.shutdown_background();
                }
            }
        })?;
        let handle = started.recv().map_err(std::io::Error::other)??;
        Ok(Self {
            inner: Arc::new(Inner { handle, alive: Mutex::new(Some(alive)), outages: Mutex::default() }),
        })
    }

    /// Runs `build` as if on the runtime: clients that need one to be made find it.
    pub fn enter<T>(&self, build: impl FnOnce() -> T) -> T {
        let _entered = self.inner.handle.enter();
        build()
    }

    /// Ends the worker thread; what it still runs is abandoned. Does not wait for it.
    pub fn shutdown(&self) {
        drop(self.inner.alive.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    /// Runs a task on the worker. Its outcome is not waited for.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        drop(self.inner.handle.spawn(task));
    }

    /// What is known of a destination's failures, shared by all signals that go there.
    pub(super) fn outage(&self, destination: &str) -> Arc<Outage> {
        let mut outages = self.inner.outages.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(
            outages.entry(destination.to_owned()).or_insert_with(|| Arc::new(Outage::new(destination))),
        )
    }
}

impl fmt::Debug for ExportRuntime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExportRuntime").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_own_threads_are_known() {
        let runtime = ExportRuntime::start().unwrap();
        let (done, outcome) = mpsc::channel();
        runtime.spawn(async move {
            let blocking = tokio::task::spawn_blocking(is_exporting_thread).await.unwrap();
            done.send((is_exporting_thread(), blocking)).unwrap();
        });
        assert_eq!(outcome.recv().unwrap(), (true, true));
        assert!(!runtime.enter(is_exporting_thread));
    }
}
