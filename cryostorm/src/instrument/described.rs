//! What the metrics of annotated functions say of themselves.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::instruments::in_flight_metric;
use super::linked::{call_sites, declared_metrics};
use super::site::{CallSite, CounterSite, HistogramSite, Metric};

impl CounterSite {
    /// The counter with its description.
    pub(crate) fn described(&self) -> Metric {
        described(self.metric, Self::CALLS.metric, self.summary)
    }
}

impl HistogramSite {
    /// The histogram with its description.
    pub(crate) fn described(&self) -> Metric {
        described(self.metric, Self::DURATION.metric, self.summary)
    }
}

/// What the program says of one name.
#[derive(Debug, Default)]
struct Said {
    /// In a `description = ".."`, or at a declared metric.
    description: Option<&'static str>,
    /// In how many places the name stands.
    places: usize,
}

/// A description that is written down holds for all who share the metric. What a function says of itself is not a description
/// of what others count too.
fn described(metric: Metric, default: Metric, summary: &'static str) -> Metric {
    let said = SAID.get(&metric.name.to_ascii_lowercase());
    let is_shared = said.is_some_and(|said| said.places > 1);
    let own = explicit(metric, default).or_else(|| said?.description);
    let description = own.unwrap_or(match summary {
        "" => default.description,
        _ if is_shared => default.description,
        summary => summary,
    });
    Metric { description, ..metric }
}

fn explicit(metric: Metric, default: Metric) -> Option<&'static str> {
    let is_explicit = metric.description != default.description || metric.name == default.name;
    is_explicit.then_some(metric.description)
}

static SAID: LazyLock<HashMap<String, Said>> = LazyLock::new(|| {
    let mut all = HashMap::<String, Said>::new();
    let mut say = |name: &str, description: Option<&'static str>| {
        let said = all.entry(name.to_ascii_lowercase()).or_default();
        said.description = said.description.or(description);
        said.places += 1;
    };
    for CallSite { counter, histogram, .. } in call_sites() {
        if let Some(counter) = counter {
            say(counter.metric.name, explicit(counter.metric, CounterSite::CALLS.metric));
        }
        if let Some(histogram) = histogram {
            say(histogram.metric.name, explicit(histogram.metric, HistogramSite::DURATION.metric));
            if let Some(name) = histogram.in_flight {
                say(name, Some(in_flight_metric(name).description));
            }
        }
    }
    for metric in declared_metrics() {
        let Metric { name, description, .. } = metric.declaration.metric;
        say(name, Some(description).filter(|text| !text.is_empty()));
    }
    all
});
