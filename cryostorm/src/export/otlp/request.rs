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
    /// The request before, whose memory the next one takes once nobody else has it.
    latest: Bytes,
}

impl RequestEncoder {
    /// The most memory that is kept for the next request. Collectors refuse more at once, unless they are told otherwise.
    const MOST_KEPT: usize = 4 * 1024 * 1024;
    /// The bytes of the length of most requests: from 16 KiB to 2 MiB.
    const LENGTH: usize = 3;

    pub(super) fn set_resource(&mut self, resource: &Resource) {
        self.resource.clear();
        wire::message(&mut self.resource, 1, |out| {
            let pairs = resource.iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone()));
            attributes::put_all(out, 1, &pairs.collect::<Vec<_>>());
        });
        wire::text(&mut self.resource, 3, resource.schema_url().unwrap_or_default());
    }

    pub(super) fn encode(&mut self, spans: &[SpanItem]) -> Bytes {
        let mut request = self.room();
        wire::message_of::<{ Self::LENGTH }>(&mut request, 1, |out| {
            out.extend_from_slice(&self.resource);
            self.put_scopes(out, spans);
        });
        let is_kept = request.capacity() <= Self::MOST_KEPT;
        let request = Bytes::from(request);
        if is_kept {
            self.latest = request.clone();
        }
        request
    }

    /// Where the next request goes: in pages that the process has already.
    fn room(&mut self) -> Vec<u8> {
        match mem::take(&mut self.latest).try_into_mut() {
            Ok(mut room) => {
                room.clear();
                room.into()
            }
            Err(_) => Vec::new(),
        }
    }

    /// Writes the spans by their scopes: those of the first where they stay, the others, which are few, behind them.
    fn put_scopes(&mut self, out: &mut Vec<u8>, spans: &[SpanItem]) {
        let Some(first) = spans.first() else { return };
        let first = first.view().scope;
        let mut others = Groups::default();
        wire::message_of::<{ Self::LENGTH }>(out, 2, |out| {
            put_scope(out, &first.to_scope());
            for item in spans {
                let view = item.view();
                if view.scope == first {
                    span::put(out, 2, &view, &mut self.sites);
                } else if let Some(group) = others.group(view.scope) {
                    span::put(group, 2, &view, &mut self.sites);
                }
            }
        });
        others.all.iter().for_each(|group| wire::bytes(out, 2, &group.encoded));
    }
}

/// Writes the fields of `ScopeSpans` beside the spans.
fn put_scope(out: &mut Vec<u8>, scope: &InstrumentationScope) {
    wire::message(out, 1, |out| {
        wire::text(out, 1, scope.name());
        wire::text(out, 2, scope.version().unwrap_or_default());
        attributes::put_all(out, 3, &scope.attributes().cloned().collect::<Vec<_>>());
    });
    wire::text(out, 3, scope.schema_url().unwrap_or_default());
}

/// Spans by their scopes.
#[derive(Default)]
struct Groups<'a> {
    all: Vec<Group<'a>>,
    by_scope: HashMap<InstrumentationScope, usize>,
    /// That of the span before, which most spans share.
    latest: usize,
}

/// The spans of one scope.
struct Group<'a> {
    scope: ScopeView<'a>,
    /// The fields of `ScopeSpans`.
    encoded: Vec<u8>,
}

impl<'a> Groups<'a> {
    /// Where the spans of a scope go.
    fn group(&mut self, scope: ScopeView<'a>) -> Option<&mut Vec<u8>> {
        if !self.all.get(self.latest).is_some_and(|group| group.scope == scope) {
            self.latest = *self.by_scope.entry(scope.to_scope()).or_insert_with_key(|key| {
                let mut encoded = Vec::new();
                put_scope(&mut encoded, key);
                self.all.push(Group { scope, encoded });
                self.all.len() - 1
            });
        }
        self.all.get_mut(self.latest).map(|group| &mut group.encoded)
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

    #[test]
    fn the_memory_of_a_request_is_used_again_but_not_while_somebody_has_it() {
        let mut encoder = RequestEncoder::default();
        encoder.set_resource(&resource(false));
        let held = encoder.encode(&[]);
        let other = encoder.encode(&[]);
        assert_ne!(held.as_ptr(), other.as_ptr());
        assert_eq!(held, other);
        let place = other.as_ptr();
        drop(other);
        assert_eq!(encoder.encode(&[]).as_ptr(), place);
    }

    #[test]
    fn the_memory_of_a_huge_request_is_not_kept() {
        let kept = |bytes| {
            let mut encoder = RequestEncoder { resource: vec![0; bytes], ..Default::default() };
            encoder.encode(&[]);
            encoder.latest.len()
        };
        let most = RequestEncoder::MOST_KEPT;
        assert_eq!((kept(most / 4) > most / 4, kept(most + 1)), (true, 0));
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
