//! The spans that a thread is in.

use std::cell::RefCell;
use std::thread;

use opentelemetry::{Context, ContextGuard};
use tracing_core::span::Id;

use crate::instrument;

thread_local! {
    /// First used when a context is current, and so dropped before the thread's context.
    static ENTERED: RefCell<Vec<Entered>> = const { RefCell::new(Vec::new()) };
}

struct Entered {
    /// Which layer the span is of: the spans of two subscribers may have the same id.
    layer: u64,
    id: Id,
    /// Whether the thread was unwinding already.
    in_unwinding: bool,
    /// None where telemetry was suppressed, which it is to stay: to be left all the same.
    _current: Option<ContextGuard>,
}

/// Makes the context of a span current in this thread. Not where telemetry is suppressed, which it is to stay.
pub(super) fn enter(layer: u64, id: &Id, context: Context) {
    let current = instrument::may_observe().then(|| context.attach());
    let entered = Entered { layer, id: id.clone(), in_unwinding: thread::panicking(), _current: current };
    // In a thread that is ending the context is current no longer than this.
    let _ = ENTERED.try_with(move |all| all.borrow_mut().push(entered));
}

/// Takes that back, in whatever order spans are left. Whether the thread began to unwind in between.
pub(super) fn exit(layer: u64, id: &Id) -> bool {
    let latest = |all: &RefCell<Vec<Entered>>| {
        let mut all = all.borrow_mut();
        let position = all.iter().rposition(|entered| entered.layer == layer && entered.id == *id)?;
        Some(all.remove(position))
    };
    // Outlives the borrow: with the context a span may end, and what sees that may enter and leave others.
    let entered = ENTERED.try_with(latest).ok().flatten();
    entered.is_some_and(|entered| !entered.in_unwinding && thread::panicking())
}
