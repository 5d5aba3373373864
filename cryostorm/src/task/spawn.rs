//! Tasks of tokio that run in the context of whoever spawns them.

use std::future::Future;

use opentelemetry::context::{FutureExt as _, WithContext};
use tokio::task::{self, JoinHandle};

use crate::instrument;

use super::closure::with_current_context;

/// [`tokio::spawn`] whose task runs in the context that is current here.
///
/// ```
/// #[cryostorm::traced]
/// async fn refresh(key: u64) {}
///
/// #[cryostorm::traced]
/// async fn get(key: u64) {
///     cryostorm::task::spawn(refresh(key)); // its span is a child of that of `get`
/// }
/// ```
///
/// # Panics
///
/// Outside of a tokio runtime, as tokio's does.
#[track_caller]
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    task::spawn(carrying(future))
}

/// [`tokio::task::spawn_blocking`] whose closure runs in the context that is current here.
///
/// # Panics
///
/// Outside of a tokio runtime, as tokio's does.
#[track_caller]
pub fn spawn_blocking<R, F>(work: F) -> JoinHandle<R>
where
    R: Send + 'static,
    F: FnOnce() -> R + Send + 'static,
{
    task::spawn_blocking(with_current_context(work))
}

/// [`tokio::task::spawn_local`] whose task runs in the context that is current here.
///
/// # Panics
///
/// Outside of a [`LocalSet`](tokio::task::LocalSet), as tokio's does.
#[track_caller]
pub fn spawn_local<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future<Output: 'static> + 'static,
{
    task::spawn_local(carrying(future))
}

/// The future with the context that is current here. OpenTelemetry's `with_current_context` asks for it in a thread that is
/// ending, too, which aborts the process.
pub(super) fn carrying<F>(future: F) -> WithContext<F> {
    future.with_context(instrument::carried())
}
