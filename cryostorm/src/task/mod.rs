#![doc = include_str!("../../docs/task.md")]
//!
//! [`Context`]: crate::opentelemetry::Context
//! [`FutureExt`]: crate::FutureExt
//! [`Telemetry::span`]: crate::Telemetry::span
//! [`task::spawn`]: spawn()
//! [`task::spawn_blocking`]: spawn_blocking
//! [`task::spawn_local`]: spawn_local
//! [`task::JoinSet`]: JoinSet

mod closure;
mod envelope;
mod join_set;
mod lost_context;
mod spawn;

pub use closure::{in_context, with_current_context};
pub use envelope::Envelope;
pub use join_set::JoinSet;
pub use lost_context::warn_of_lost_context;
pub use spawn::{spawn, spawn_blocking, spawn_local};
/// Tokio's own, as these functions return them.
pub use tokio::task::{AbortHandle, Id, JoinError, JoinHandle};
