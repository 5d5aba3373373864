//! A batch of spans as the request that carries it.

use std::collections::HashMap;
use std::mem;

use bytes::Bytes;
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_sdk::Resource;

use crate::trace::{ScopeView, SpanItem};

use super::sites::Sites;
use super::{attributes, span, wire};

/// Writes `ExportTraceServiceRequest`s on behalf of one resource, straight from what was recorded.
///
/// Made of `opentelemetry-proto`'s structs, a request costs about ten times as much: a copy of each key and value, and a
/// pass over all of it for each length.
#[derive(Default)]
pub(super) struct RequestEncoder {
    /// The fields of `ResourceSpans` beside the spans.
    resource: Vec<u8>,
    sites: Sites,
    /// Room for the spans of the next batch.
    spare: Vec<u8>,
}

impl RequestEncoder {
    pub(super) fn set_resource(&mut self, resource: &Resource) {
        self.resource.clear();
        wire::message(&mut self.resource, 1, |out| {
            let pairs = resource.iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone()));
            attributes::put_all(out, 1, &pairs.collect::<Vec<_>>());
        });
        wire::text(&mut self.resource, 3, resource.schema_url().unwrap_or_default());
    }

    pub(super) fn encode(&mut self, spans: &[SpanItem]) -> Bytes {
        let mut groups = Groups { spare: mem::take(&mut self.spare), ..Groups::default() };
        for item in spans {
            let view = item.view();
            if let Some(group) = groups.group(view.scope) {
                span::put(group, 2, &view, &mut self.sites);
            }
        }
        let groups = groups.all;
        let length =
            self.resource.len() + groups.iter().map(|group| wire::field_len(group.len())).sum::<usize>();
        let mut request = Vec::with_capacity(wire::field_len(length));
        wire::length_delimited(&mut request, 1, length);
        request.extend_from_slice(&self.resource);
        for group in &groups {
            wire::length_delimited(&mut request, 2, group.len());
            request.extend_from_slice(&group.head);
            request.extend_from_slice(&group.spans);
        }
        if let Some(first) = groups.into_iter().next() {
            self.spare = first.spans;
            self.spare.clear();
        }
        request.into()
    }
}

/// The spans of a batch by their scopes.
#[derive(Default)]
struct Groups {
    all: Vec<Group>,
    by_scope: HashMap<InstrumentationScope, usize>,
    /// That of the span before, which most spans share.
    latest: usize,
    /// Room for the spans of the first.
    spare: Vec<u8>,
}

impl Groups {
    /// Where the spans of a scope go.
    fn group(&mut self, scope: ScopeView<'_>) -> Option<&mut Vec<u8>> {
        if !self.all.get(self.latest).is_some_and(|group| scope.is(&group.scope)) {
            let scope = scope.to_scope();
            self.latest = *self.by_scope.entry(scope.clone()).or_insert_with(|| {
                self.all.push(Group::new(scope, mem::take(&mut self.spare)));
                self.all.len() - 1
            });
        }
        self.all.get_mut(self.latest).map(|group| &mut group.spans)
    }
}

/// The spans of one scope.
struct Group {
    scope: InstrumentationScope,
    /// The fields of `ScopeSpans` beside the spans.
    head: Vec<u8>,
    spans: Vec<u8>,
}

impl Group {
    fn new(scope: InstrumentationScope, spans: Vec<u8>) -> Self {
        let mut head = Vec::new();
        wire::message(&mut head, 1, |out| {
            wire::text(out, 1, scope.name());
            wire::text(out, 2, scope.version().unwrap_or_default());
            attributes::put_all(out, 3, &scope.attributes().cloned().collect::<Vec<_>>());
        });
        wire::text(&mut head, 3, scope.schema_url().unwrap_or_default());
        Self { scope, head, spans }
    }

    fn len(&self) -> usize {
        self.head.len() + self.spans.len()
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
    use opentelemetry_proto::transform::common::tonic::ResourceAttributesWithSchema;
    use opentelemetry_proto::transform::trace::tonic::group_spans_by_resource_and_scope;
    use opentelemetry_sdk::trace::SpanData;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use prost::Message as _;

    use super::*;
    use crate::trace::{Sample, sample};

    /// What the SDK's exporter would send, but each key once.
    fn expected(samples: &[Sample], resource: &Resource) -> ExportTraceServiceRequest {
        let spans = samples.iter().map(|sample| distinct(sample.item().into_data())).collect();
        let resource = ResourceAttributesWithSchema::from(resource);
        ExportTraceServiceRequest { resource_spans: group_spans_by_resource_and_scope(spans, &resource) }
    }

    fn distinct(mut span: SpanData) -> SpanData {
        fn last(attributes: &mut Vec<KeyValue>) {
            let all = mem::take(attributes);
            for (index, attribute) in all.iter().enumerate() {
                if all[index + 1..].iter().all(|later| later.key != attribute.key) {
                    attributes.push(attribute.clone());
                }
            }
        }
        last(&mut span.attributes);
        span.events.events.iter_mut().for_each(|event| last(&mut event.attributes));
        span.links.links.iter_mut().for_each(|link| last(&mut link.attributes));
        span
    }

    fn resource(is_empty: bool) -> Resource {
        if is_empty {
            return Resource::builder_empty().build();
        }
        let attributes = [KeyValue::new("service.name", "shop"), KeyValue::new("replica", 3)];
        Resource::builder_empty().with_schema_url(attributes, "https://example.com/resource").build()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn requests_say_what_those_of_the_sdk_say(
            batches in vec(vec(sample(), 0..12), 1..3),
            is_empty in any::<bool>(),
        ) {
            let resource = resource(is_empty);
            let mut encoder = RequestEncoder::default();
            encoder.set_resource(&resource);
            for samples in batches {
                let items: Vec<_> = samples.iter().map(Sample::item).collect();
                let request = encoder.encode(&items);
                let decoded = ExportTraceServiceRequest::decode(request.clone()).unwrap();
                prop_assert_eq!(&decoded, &expected(&samples, &resource));
                prop_assert_eq!(decoded.encoded_len(), request.len(), "no byte too many");
            }
        }
    }
}
