//! What the linker found, as entries.

use opentelemetry::KeyValue;

use crate::instrument::{
    CallSite, CounterSite, Declaration, DeclaredValues, HistogramSite, LatencyObjective, Metric,
    StaticAttribute, bounds, call_sites, declared_metrics, in_flight_metric,
};

use super::{
    AttributeEntry, AttributeValues, Catalogue, InstrumentKind, MetricEntry, Objective, Source, SpanEntry,
};

/// The spans and metrics that the annotated functions and declared metrics of this program and of its libraries make, as
/// far as that is known without a call. Nothing needs to be installed.
///
/// Missing are functions whose names or buckets are constants of a type (`name = Self::NAME`), what is compiled with the
/// feature `static-off`, and what the linker leaves out: crates that the program does not use. A dynamic library has a
/// catalogue of its own if cryostorm is linked into it: called there, this has what that library holds, and not what the
/// program or another library does. On WebAssembly, and where nothing is annotated or declared, there is nothing.
///
/// ```
/// use cryostorm::catalogue::InstrumentKind;
/// use cryostorm::{counted, traced};
///
/// #[traced(kind = Client)]
/// #[counted(name = "orders", attributes(channel = "web"))]
/// fn order() {}
///
/// let catalogue = cryostorm::catalogue();
/// assert!(catalogue.spans.iter().any(|span| span.name.ends_with("::order")));
/// assert!(catalogue.metrics.iter().any(|metric| metric.name == "orders"));
/// ```
#[must_use]
pub fn catalogue() -> Catalogue {
    let sites = || call_sites().iter().copied();
    let spans = sites().filter_map(span);
    let counters = sites().filter_map(|site| site.counter.map(|counter| counted(site, counter)));
    let histograms = sites().filter_map(|site| site.histogram.map(|histogram| timed(site, histogram)));
    let in_flight = sites().filter_map(|site| in_flight(site, site.histogram?));
    let declared = declared_metrics().iter().map(|metric| declared(&metric.declaration));
    Catalogue::new(spans, counters.chain(histograms).chain(in_flight).chain(declared))
}

fn declared(declaration: &Declaration) -> MetricEntry {
    let Declaration { metric, kind, number, attributes, literals, source, .. } = declaration;
    let values = |values: &DeclaredValues| match *values {
        DeclaredValues::Boolean => AttributeValues::Boolean,
        DeclaredValues::Known(names) => {
            AttributeValues::Known(names.iter().map(|name| (*name).into()).collect())
        }
        DeclaredValues::Range { first, last } => AttributeValues::Range { first, last },
        DeclaredValues::Text => AttributeValues::Text,
        DeclaredValues::Unbounded { limit } => AttributeValues::Unbounded { limit: Some(limit) },
    };
    let arguments =
        attributes.iter().map(|attribute| AttributeEntry::new(attribute.key, values(&attribute.values)));
    let entry = MetricEntry::new(metric.name, *kind, Source::new(source.function, source.file, source.line))
        .with_number(*number)
        .with_unit(metric.unit)
        .with_description(metric.description)
        .with_attributes(fixed(literals))
        .with_attributes(arguments);
    match kind {
        InstrumentKind::Histogram => entry.with_buckets(declaration.bounds()),
        _ => entry,
    }
}

fn fixed(attributes: &[StaticAttribute]) -> impl Iterator<Item = AttributeEntry> + '_ {
    attributes.iter().map(|attribute| {
        AttributeEntry::new(attribute.key, AttributeValues::Known(vec![attribute.value.to_value()]))
    })
}

fn source(site: &CallSite) -> Source {
    Source::new(site.function, site.file, site.line)
}

fn span(site: &'static CallSite) -> Option<SpanEntry> {
    let span = site.span?;
    let known = site.attributes().map(|KeyValue { key, value, .. }| match key.as_str() {
        // The source has them; here they would differ with every line that is added above.
        "code.file.path" | "code.line.number" => {
            AttributeEntry::new(key.to_string(), AttributeValues::Unbounded { limit: None })
        }
        _ => AttributeEntry::new(key.to_string(), AttributeValues::Known(vec![value])),
    });
    let evaluated = keys(span.keys, &AttributeValues::Unbounded { limit: None });
    let error = AttributeEntry::new("error.type", AttributeValues::Text);
    Some(
        SpanEntry::new(site.span_name(), span.kind.clone(), source(site))
            .with_attributes(known)
            .with_attributes(evaluated)
            .with_attributes([error]),
    )
}

fn counted(site: &'static CallSite, counter: &CounterSite) -> MetricEntry {
    let entry = metric(site, &counter.described(), InstrumentKind::Counter, counter.attributes, counter.keys)
        .with_attributes([AttributeEntry::new("error.type", AttributeValues::Text)]);
    match counter.objective {
        Some(target) => entry.with_objective(Objective::Success { target }),
        None => entry,
    }
}

fn timed(site: &'static CallSite, histogram: &HistogramSite) -> MetricEntry {
    let entry =
        metric(site, &histogram.described(), InstrumentKind::Histogram, histogram.attributes, histogram.keys)
            .with_attributes([AttributeEntry::new("error.type", AttributeValues::Text)])
            .with_buckets(bounds(histogram));
    match histogram.objective {
        Some(LatencyObjective { latency, target }) => {
            entry.with_objective(Objective::Latency { seconds: latency / histogram.per_second(), target })
        }
        None => entry,
    }
}

fn in_flight(site: &'static CallSite, histogram: &HistogramSite) -> Option<MetricEntry> {
    let HistogramSite { attributes, keys, .. } = histogram;
    let described = in_flight_metric(histogram.in_flight?);
    Some(metric(site, &described, InstrumentKind::UpDownCounter, attributes, keys))
}

fn metric(
    site: &'static CallSite,
    described: &Metric,
    kind: InstrumentKind,
    attributes: &[StaticAttribute],
    evaluated: &[&str],
) -> MetricEntry {
    let function = AttributeValues::Known(vec![site.function.into()]);
    MetricEntry::new(described.name, kind, source(site))
        .with_unit(described.unit)
        .with_description(described.description)
        .with_attributes([AttributeEntry::new("code.function.name", function)])
        .with_attributes(fixed(attributes))
        .with_attributes(keys(evaluated, &AttributeValues::Text))
}

fn keys<'a>(keys: &'a [&str], values: &'a AttributeValues) -> impl Iterator<Item = AttributeEntry> + 'a {
    keys.iter().map(|key| AttributeEntry::new(*key, values.clone()))
}
