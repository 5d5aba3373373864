//! Sets of tasks that run in the context of whoever spawns them.

use std::fmt;
use std::future::Future;
use std::ops::{Deref, DerefMut};

use tokio::runtime::Handle;
use tokio::task::{self, AbortHandle, LocalSet};

use super::closure::with_current_context;
use super::spawn::carrying;

/// [`tokio::task::JoinSet`] whose tasks run in the context that is current where they are spawned. All else is tokio's.
///
/// ```
/// use cryostorm::task::JoinSet;
///
/// #[cryostorm::traced]
/// async fn price(shop: u64) -> u64 {
///     shop * 10
/// }
///
/// #[cryostorm::traced]
/// async fn cheapest(shops: Vec<u64>) -> Option<u64> {
///     let mut prices = JoinSet::new();
///     for shop in shops {
///         prices.spawn(price(shop));
///     }
///     let mut cheapest = None;
///     while let Some(price) = prices.join_next().await {
///         cheapest = price.ok().into_iter().chain(cheapest).min();
///     }
///     cheapest
/// }
/// ```
pub struct JoinSet<T> {
    tasks: task::JoinSet<T>,
}

impl<T> JoinSet<T> {
    /// One without tasks.
    #[must_use]
    pub fn new() -> Self {
        Self { tasks: task::JoinSet::new() }
    }

    /// Tokio's, with the tasks that are in it.
    #[must_use]
    pub fn into_inner(self) -> task::JoinSet<T> {
        self.tasks
    }
}

impl<T: 'static> JoinSet<T> {
    /// Spawns a task.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime, as tokio's does.
    #[track_caller]
    pub fn spawn<F>(&mut self, future: F) -> AbortHandle
    where
        F: Future<Output = T> + Send + 'static,
        T: Send,
    {
        self.tasks.spawn(carrying(future))
    }

    /// Spawns a task on that runtime.
    #[track_caller]
    pub fn spawn_on<F>(&mut self, future: F, runtime: &Handle) -> AbortHandle
    where
        F: Future<Output = T> + Send + 'static,
        T: Send,
    {
        self.tasks.spawn_on(carrying(future), runtime)
    }

    /// Spawns a task on this thread.
    ///
    /// # Panics
    ///
    /// Outside of a [`LocalSet`], as tokio's does.
    #[track_caller]
    pub fn spawn_local<F>(&mut self, future: F) -> AbortHandle
    where
        F: Future<Output = T> + 'static,
    {
        self.tasks.spawn_local(carrying(future))
    }

    /// Spawns a task on the thread of that set.
    #[track_caller]
    pub fn spawn_local_on<F>(&mut self, future: F, set: &LocalSet) -> AbortHandle
    where
        F: Future<Output = T> + 'static,
    {
        self.tasks.spawn_local_on(carrying(future), set)
    }

    /// Runs a closure on a thread that may block.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime, as tokio's does.
    #[track_caller]
    pub fn spawn_blocking<F>(&mut self, work: F) -> AbortHandle
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send,
    {
        self.tasks.spawn_blocking(with_current_context(work))
    }

    /// Runs a closure on a thread of that runtime that may block.
    #[track_caller]
    pub fn spawn_blocking_on<F>(&mut self, work: F, runtime: &Handle) -> AbortHandle
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send,
    {
        self.tasks.spawn_blocking_on(with_current_context(work), runtime)
    }

    /// The values of all tasks, in the order in which they are done.
    ///
    /// # Panics
    ///
    /// If a task panicked, as tokio's does.
    pub async fn join_all(self) -> Vec<T> {
        self.tasks.join_all().await
    }
}

impl<T> Deref for JoinSet<T> {
    type Target = task::JoinSet<T>;

    fn deref(&self) -> &Self::Target {
        &self.tasks
    }
}

impl<T> DerefMut for JoinSet<T> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.tasks
    }
}

impl<T> Default for JoinSet<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> fmt::Debug for JoinSet<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tasks.fmt(f)
    }
}

impl<T, F> Extend<F> for JoinSet<T>
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    fn extend<I: IntoIterator<Item = F>>(&mut self, futures: I) {
        for future in futures {
            self.spawn(future);
        }
    }
}

impl<T, F> FromIterator<F> for JoinSet<T>
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    fn from_iter<I: IntoIterator<Item = F>>(futures: I) -> Self {
        let mut set = Self::new();
        set.extend(futures);
        set
    }
}
