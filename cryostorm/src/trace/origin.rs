//! What all spans of a tracer have in common.

use std::sync::{Mutex, PoisonError};

use opentelemetry::InstrumentationScope;
use opentelemetry_sdk::trace::SpanLimits;

/// The instrumentation scope of our own spans, and how much each may hold.
#[derive(Debug)]
pub(super) struct Origin {
    pub(super) scope: InstrumentationScope,
    pub(super) limits: SpanLimits,
}

impl Origin {
    /// One that lives as long as the process, so that a span refers to it without counting. Installations with the same
    /// settings share theirs.
    pub(super) fn interned(scope: InstrumentationScope, limits: SpanLimits) -> &'static Self {
        static KNOWN: Mutex<Vec<&'static Origin>> = Mutex::new(Vec::new());
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |origin: &&&Self| origin.scope == scope && numbers(&origin.limits) == numbers(&limits);
        if let Some(known) = known.iter().find(is_it) {
            return known;
        }
        let origin: &'static Self = Box::leak(Box::new(Self { scope, limits }));
        known.push(origin);
        origin
    }
}

/// To be compared, which the SDK's limits cannot.
fn numbers(limits: &SpanLimits) -> [u32; 5] {
    let SpanLimits {
        max_events_per_span,
        max_attributes_per_span,
        max_links_per_span,
        max_attributes_per_event,
        max_attributes_per_link,
    } = *limits;
    [
        max_events_per_span,
        max_attributes_per_span,
        max_links_per_span,
        max_attributes_per_event,
        max_attributes_per_link,
    ]
}
