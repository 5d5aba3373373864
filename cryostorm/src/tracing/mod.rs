#![doc = include_str!("../../docs/bridges.md")]
//!
//! [`Telemetry::extract_context`]: crate::Telemetry::extract_context
//! [`Span::add_event`]: crate::Span::add_event
//! [`cryostorm::task`]: crate::task

mod entered;
mod event;
mod field;
mod filter;
mod layer;
mod site;
mod span;

use tracing_core::{Subscriber, callsite};
use tracing_subscriber::Layer;
use tracing_subscriber::registry::LookupSpan;

use filter::InForce;
use layer::Bridge;

/// A layer that makes spans of the crate `tracing` spans of the same traces, and its events log records. It may be made
/// before telemetry is installed, and serves whichever is in force.
///
/// ```
/// use tracing_subscriber::layer::SubscriberExt as _;
///
/// let subscriber = tracing_subscriber::registry().with(cryostorm::tracing::layer());
/// tracing::subscriber::with_default(subscriber, || tracing::info!("a log record"));
/// ```
pub fn layer<S>() -> impl Layer<S> + Send + Sync + 'static
where
    S: Subscriber + for<'span> LookupSpan<'span> + 'static,
{
    // A filter of this layer only: one of the whole subscriber would keep what it refuses from other layers too.
    Bridge::new().with_filter(InForce)
}

/// Has all that makes spans and events ask anew whether anybody wants them: what is in force is another Telemetry.
pub(crate) fn refresh() {
    callsite::rebuild_interest_cache();
}
