#![doc = include_str!("../../docs/middleware.md")]
//!
//! [`TelemetrySettings::excluded_paths`]: crate::TelemetrySettings::excluded_paths
//! [`FutureExt`]: crate::FutureExt

mod access;
mod body;
mod capture;
mod catalogue;
mod client;
mod exchange;
mod excluded;
mod future;
mod grpc;
mod key;
mod method;
mod metrics;
mod request;
#[cfg(feature = "reqwest")]
mod reqwest;
mod secret;
mod server;
mod size;
mod watch;

pub use body::ObservedBody;
pub use client::{ClientLayer, ClientService};
pub use future::ResponseFuture;
pub(crate) use metrics::announce;
pub use server::{ServerLayer, ServerService};
