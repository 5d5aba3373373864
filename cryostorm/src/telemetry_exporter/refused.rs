//! What exporters refuse: decided, counted and said in one place.

use std::sync::atomic::{AtomicU64, Ordering};

use cryostorm_exporter::MetricName;

use crate::diagnostics;

/// How many calls an exporter refused, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refused {
    /// Observations of NaN or an infinity.
    pub not_finite: u64,
    /// Calls for a name beyond as many as the exporter keeps.
    pub too_many_names: u64,
    /// Increments of what is a distribution already, and observations of what is a counter.
    pub other_kind: u64,
    /// Calls for a name that the program declares, or that code made an instrument of, with another kind, type of values, unit
    /// or buckets.
    pub conflicting: u64,
    /// Calls from where telemetry is suppressed, such as the callback of an observable instrument: an instrument made there
    /// would wait for the collection that it is part of.
    pub suppressed: u64,
}

impl Refused {
    /// All of them.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.not_finite + self.too_many_names + self.other_kind + self.conflicting + self.suppressed
    }
}

/// Why a call is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    NotFinite,
    TooManyNames,
    OtherKind,
    Conflicting,
    Suppressed,
}

/// The counters behind [`Refused`].
#[derive(Debug, Default)]
pub(super) struct Refusals {
    not_finite: AtomicU64,
    too_many_names: AtomicU64,
    other_kind: AtomicU64,
    conflicting: AtomicU64,
    suppressed: AtomicU64,
}

impl Refusals {
    /// Whether an observation can be taken; one that cannot is refused.
    pub(super) fn admit(&self, metric: &MetricName, value: f64) -> bool {
        let is_finite = is_finite(value);
        if !is_finite {
            self.refuse(Reason::NotFinite, metric);
        }
        is_finite
    }

    /// Counts what was not recorded.
    pub(super) fn count(&self, metric: &MetricName, recorded: Result<(), Reason>) {
        if let Err(reason) = recorded {
            self.refuse(reason, metric);
        }
    }

    /// Counts a refusal, and says the first one for each reason.
    fn refuse(&self, reason: Reason, metric: &MetricName) {
        let (count, words) = match reason {
            Reason::NotFinite => (&self.not_finite, "it is not a finite number"),
            Reason::TooManyNames => (&self.too_many_names, "there are more metrics than the exporter keeps"),
            Reason::OtherKind => {
                (&self.other_kind, "the name is used both as a counter and as a distribution")
            }
            Reason::Conflicting => (
                &self.conflicting,
                "the program has a metric of that name with another kind, unit or buckets",
            ),
            Reason::Suppressed => (&self.suppressed, "it came from where telemetry is suppressed"),
        };
        if count.fetch_add(1, Ordering::Relaxed) == 0 {
            let metric = metric.clone();
            diagnostics::report_aside(move || {
                format!(
                    "a value of the metric {metric} is refused: {words}. Such values are counted; this is said once."
                )
            });
        }
    }

    pub(super) fn read(&self) -> Refused {
        let load = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Refused {
            not_finite: load(&self.not_finite),
            too_many_names: load(&self.too_many_names),
            other_kind: load(&self.other_kind),
            conflicting: load(&self.conflicting),
            suppressed: load(&self.suppressed),
        }
    }
}

/// The one rule of what can be observed: a sum is NaN or infinite for good once such a value is in it.
pub(super) fn is_finite(value: f64) -> bool {
    value.is_finite()
}
