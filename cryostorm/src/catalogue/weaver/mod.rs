//! A semantic-convention registry, as OpenTelemetry Weaver reads it.

mod attribute;
mod names;

use opentelemetry::trace::SpanKind;

use self::attribute::{definition, reference};
use self::names::{Names, identifier};
use super::merged::{MergedMetric, union};
use super::yaml::Yaml;
use super::{AttributeEntry, AttributeValues, Catalogue, InstrumentKind, SpanEntry};

impl Catalogue {
    /// A registry of semantic conventions in the
    /// [YAML](https://github.com/open-telemetry/weaver/blob/main/schemas/semconv-syntax.md) that OpenTelemetry Weaver
    /// reads: a group of the attributes, and one for each metric and each span. It is a file of the registry; the manifest
    /// beside it, with the registry's name and version, is written by hand.
    ///
    /// ```
    /// use cryostorm::catalogue::{Catalogue, InstrumentKind, MetricEntry, Source};
    ///
    /// let sent = MetricEntry::new("mail.sent", InstrumentKind::Counter, Source::new("mail::sent", "src/mail.rs", 12))
    ///     .with_unit("{mail}");
    /// let registry = Catalogue::new([], [sent]).to_weaver_registry();
    /// assert!(registry.contains("metric_name: \"mail.sent\"\n"));
    /// ```
    pub fn to_weaver_registry(&self) -> String {
        let of_spans = self.spans.iter().flat_map(|span| &span.attributes);
        let of_metrics = self.metrics.iter().flat_map(|metric| &metric.attributes);
        let mut attributes = union(of_spans.chain(of_metrics));
        let mut ids = Names::default();
        let metrics: Vec<_> = self
            .merged_metrics()
            .iter()
            .map(|metric| {
                metric_group(metric, &attributes, ids.unique(&format!("metric.{}", metric.identity.name)))
            })
            .collect();
        let spans: Vec<_> = self
            .spans
            .iter()
            .map(|span| {
                span_group(span, &attributes, ids.unique(&format!("span.{}", identifier(&span.name, '.'))))
            })
            .collect();
        // A group of spans without attributes is refused, and these have the function's name at least.
        let function = "code.function.name";
        if self.spans.iter().any(|span| span.attributes.is_empty())
            && !attributes.iter().any(|attribute| attribute.key == function)
        {
            attributes.push(AttributeEntry::new(function, AttributeValues::Text));
        }
        let mut groups = Vec::new();
        if !attributes.is_empty() {
            groups.push(Yaml::Map(vec![
                ("id", Yaml::text(ids.unique("registry.attributes"))),
                ("type", Yaml::text("attribute_group")),
                ("brief", Yaml::text("The attributes of the spans and metrics below.")),
                ("attributes", Yaml::List(attributes.iter().map(definition).collect())),
            ]));
        }
        groups.extend(metrics);
        groups.extend(spans);
        Yaml::Map(vec![("groups", Yaml::List(groups))]).to_string()
    }
}

fn metric_group(metric: &MergedMetric<'_>, attributes: &[AttributeEntry], id: String) -> Yaml {
    let identity = metric.identity;
    let instrument = match identity.kind {
        InstrumentKind::Counter | InstrumentKind::ObservableCounter => "counter",
        InstrumentKind::UpDownCounter | InstrumentKind::ObservableUpDownCounter => "updowncounter",
        InstrumentKind::Gauge | InstrumentKind::ObservableGauge => "gauge",
        InstrumentKind::Histogram => "histogram",
    };
    let brief = match identity.description.as_str() {
        "" => format!("The metric `{}`.", identity.name),
        description => description.to_owned(),
    };
    let mut group = vec![
        ("id", Yaml::Text(id)),
        ("type", Yaml::text("metric")),
        ("metric_name", Yaml::text(&identity.name)),
        ("instrument", Yaml::text(instrument)),
        ("unit", Yaml::text(&identity.unit)),
        ("brief", Yaml::Text(brief)),
        ("stability", Yaml::text("development")),
    ];
    if let Some(buckets) = &identity.buckets {
        let bounds = buckets.iter().copied().map(Yaml::number).collect();
        group.push(("annotations", Yaml::Map(vec![("buckets", Yaml::Line(bounds))])));
    }
    if !metric.attributes.is_empty() {
        let references = metric.attributes.iter().map(|attribute| {
            let everywhere = metric
                .entries
                .iter()
                .all(|entry| entry.attributes.iter().any(|own| own.key == attribute.key));
            let level = match (attribute.key.as_str(), everywhere) {
                ("error.type", _) => Yaml::Map(vec![(
                    "conditionally_required",
                    Yaml::text("If the call failed or was cancelled."),
                )]),
                (_, true) => Yaml::text("required"),
                (_, false) => Yaml::text("recommended"),
            };
            reference(attribute, attributes, level)
        });
        group.push(("attributes", Yaml::List(references.collect())));
    }
    Yaml::Map(group)
}

fn span_group(span: &SpanEntry, attributes: &[AttributeEntry], id: String) -> Yaml {
    let kind = match span.kind {
        SpanKind::Client => "client",
        SpanKind::Server => "server",
        SpanKind::Producer => "producer",
        SpanKind::Consumer => "consumer",
        SpanKind::Internal => "internal",
    };
    let level = || Yaml::text("recommended");
    let mut references: Vec<_> =
        union(&span.attributes).iter().map(|own| reference(own, attributes, level())).collect();
    if references.is_empty() {
        references.push(Yaml::Map(vec![("ref", Yaml::text("code.function.name"))]));
    }
    Yaml::Map(vec![
        ("id", Yaml::Text(id)),
        ("type", Yaml::text("span")),
        ("span_kind", Yaml::text(kind)),
        ("brief", Yaml::Text(format!("A call of `{}`, named `{}`.", span.source.function, span.name))),
        ("stability", Yaml::text("development")),
        ("attributes", Yaml::List(references)),
    ])
}
