//! The only path that an expansion may name. Not for people, and free to change.

pub use core;
pub use std::boxed::Box;

pub use opentelemetry::trace::SpanKind;

pub use crate::instrument::outcome;
pub use crate::instrument::{Attributes, Call, CallSite, Debugged, Literal, Shown, SpanSite};

/// Calls the body of a synchronous function. A closure called on the spot would be taken for one that may be called
/// again, and so could not hand out what it captured.
#[inline(always)]
pub fn once<R>(body: impl FnOnce() -> R) -> R {
    body()
}
