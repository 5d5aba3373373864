#![doc = include_str!("../../docs/catalogue.md")]
//!
//! [`#[cryostorm::metrics]`]: macro@crate::metrics

mod attribute;
mod conflict;
mod entry;
mod gather;
mod grafana;
mod markdown;
mod merged;
mod prometheus;
mod source;
mod weaver;
mod yaml;

pub use attribute::{AttributeEntry, AttributeValues};
pub use conflict::{Conflict, Declaration, MetricField};
pub use entry::{InstrumentKind, MetricEntry, NumberType, Objective, SpanEntry};
pub use gather::catalogue;
pub use prometheus::{ObjectiveError, PrometheusRules};
pub use source::Source;

/// The spans and metrics of a program.
///
/// Metrics that share a name stand here once for each place that declares them; the renderings show them as one. What
/// the first of them says holds where they [differ](Self::conflicts).
///
/// ```
/// use cryostorm::catalogue::{Catalogue, InstrumentKind, MetricEntry, Source};
///
/// let sent = MetricEntry::new("mail.sent", InstrumentKind::Counter, Source::new("mail::sent", "src/mail.rs", 12))
///     .with_unit("{mail}")
///     .with_description("Mails that a server accepted.");
/// let catalogue = Catalogue::new([], [sent]);
///
/// assert!(catalogue.conflicts().is_empty());
/// assert!(catalogue.to_markdown().contains("Mails that a server accepted."));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Catalogue {
    /// The spans, sorted by name, then by source.
    pub spans: Vec<SpanEntry>,
    /// The metrics, sorted by name, then by source.
    pub metrics: Vec<MetricEntry>,
}

impl Catalogue {
    /// Sorts the entries, so that every rendering of the same entries is the same text.
    pub fn new(
        spans: impl IntoIterator<Item = SpanEntry>,
        metrics: impl IntoIterator<Item = MetricEntry>,
    ) -> Self {
        let mut spans: Vec<_> = spans.into_iter().collect();
        let mut metrics: Vec<_> = metrics.into_iter().collect();
        spans.sort_by(|a, b| (&a.name, &a.source).cmp(&(&b.name, &b.source)));
        metrics.sort_by(|a, b| (&a.name, &a.source).cmp(&(&b.name, &b.source)));
        Self { spans, metrics }
    }

    /// Both: what a program does that its own code does not declare, as the layers for requests, whose `catalogue()` it is
    /// (`ServerLayer`, `ClientLayer`).
    ///
    /// ```
    /// use cryostorm::catalogue::{Catalogue, InstrumentKind, MetricEntry, Source};
    ///
    /// let metric = |name| MetricEntry::new(name, InstrumentKind::Counter, Source::new("mail", "src/mail.rs", 12));
    /// let both = Catalogue::new([], [metric("sent")]).with(Catalogue::new([], [metric("received")]));
    /// assert_eq!(both.metrics.len(), 2);
    /// ```
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self::new(self.spans.into_iter().chain(other.spans), self.metrics.into_iter().chain(other.metrics))
    }
}
