//! The instrumentation scope of our own spans.

use std::sync::{Mutex, PoisonError};

use opentelemetry::InstrumentationScope;

/// One that lives as long as the process, so that a span refers to it without counting. Installations with the same
/// settings share theirs.
pub(super) fn interned(scope: InstrumentationScope) -> &'static InstrumentationScope {
    static KNOWN: Mutex<Vec<&'static InstrumentationScope>> = Mutex::new(Vec::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = known.iter().find(|known| ***known == scope) {
        return known;
    }
    let scope: &'static InstrumentationScope = Box::leak(Box::new(scope));
    known.push(scope);
    scope
}
