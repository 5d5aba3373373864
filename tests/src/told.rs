//! What exported spans say, without what differs from run to run: ids and times.

use std::collections::BTreeMap;
use std::time::Duration;

use cryostorm::opentelemetry::trace::{SpanContext, SpanId, SpanKind, Status, TraceId};
use cryostorm::opentelemetry::{InstrumentationScope, KeyValue};
use cryostorm::opentelemetry_sdk::trace::SpanData;

/// How far the counter that times spans may be from the wall clock, which times events.
pub const TOLERANCE: Duration = Duration::from_millis(1);

/// What one span says. Other spans go by their names.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names are those of the SDK's `SpanData`")]
pub struct Told {
    pub parent: String,
    pub parent_is_remote: bool,
    pub trace: String,
    pub is_sampled: bool,
    pub is_remote: bool,
    pub trace_state: String,
    pub kind: SpanKind,
    pub attributes: Vec<KeyValue>,
    pub dropped_attributes: u32,
    pub events: Vec<Part>,
    pub dropped_events: u32,
    pub links: Vec<Part>,
    pub dropped_links: u32,
    pub status: Status,
    pub scope: InstrumentationScope,
}

/// An event, or a link.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The event's name, or what the link leads to.
    pub name: String,
    /// Its attributes.
    pub attributes: Vec<KeyValue>,
    /// How many more there were.
    pub dropped: u32,
}

/// All that was told, by the names of the spans.
pub type All = BTreeMap<String, Told>;

/// Reads spans that all have different names.
///
/// # Panics
///
/// If two have the same name or the same id, if one ends before it starts, or starts before its parent.
pub fn told(spans: &[SpanData]) -> All {
    let names = Names::of(spans);
    let all: All = spans.iter().map(|span| (span.name.to_string(), names.tell(span))).collect();
    assert_eq!(all.len(), spans.len(), "names that are not unique");
    all
}

struct Names<'a> {
    spans: BTreeMap<[u8; 8], &'a SpanData>,
    /// The first name in each trace.
    traces: BTreeMap<[u8; 16], &'a str>,
}

impl<'a> Names<'a> {
    fn of(spans: &'a [SpanData]) -> Self {
        let mut names = Self { spans: BTreeMap::new(), traces: BTreeMap::new() };
        for span in spans {
            assert!(span.span_context.is_valid(), "{span:?}");
            assert!(span.end_time >= span.start_time, "{span:?}");
            let earlier = names.spans.insert(span.span_context.span_id().to_bytes(), span);
            assert!(earlier.is_none(), "an id twice: {span:?}");
            let first = names.traces.entry(span.span_context.trace_id().to_bytes()).or_insert(&span.name);
            *first = (*first).min(&span.name);
        }
        for span in spans {
            if let Some(parent) = names.spans.get(&span.parent_span_id.to_bytes()) {
                assert!(parent.start_time <= span.start_time, "{span:?} starts before {parent:?}");
            }
        }
        names
    }

    fn span(&self, id: SpanId) -> String {
        self.spans.get(&id.to_bytes()).map_or_else(|| id.to_string(), |span| span.name.to_string())
    }

    fn trace(&self, id: TraceId) -> String {
        self.traces.get(&id.to_bytes()).map_or_else(|| "unknown".to_owned(), |&name| name.to_owned())
    }

    /// A span that is not sampled has no name, and may have no id of its own.
    fn linked(&self, to: &SpanContext) -> String {
        let span = if to.is_sampled() { self.span(to.span_id()) } else { "not sampled".to_owned() };
        format!("{span} in {} ({})", self.trace(to.trace_id()), to.trace_state().header())
    }

    fn tell(&self, span: &SpanData) -> Told {
        let part = |name: String, attributes: &[KeyValue], dropped| Part {
            name,
            attributes: attributes.to_vec(),
            dropped,
        };
        let events = span.events.iter().inspect(|event| {
            assert!(span.start_time <= event.timestamp + TOLERANCE, "{event:?} before {span:?}");
        });
        Told {
            parent: self.span(span.parent_span_id),
            parent_is_remote: span.parent_span_is_remote,
            trace: self.trace(span.span_context.trace_id()),
            is_sampled: span.span_context.is_sampled(),
            is_remote: span.span_context.is_remote(),
            trace_state: span.span_context.trace_state().header(),
            kind: span.span_kind.clone(),
            attributes: span.attributes.clone(),
            dropped_attributes: span.dropped_attributes_count,
            events: events
                .map(|event| part(event.name.to_string(), &event.attributes, event.dropped_attributes_count))
                .collect(),
            dropped_events: span.events.dropped_count,
            links: span
                .links
                .iter()
                .map(|link| {
                    part(self.linked(&link.span_context), &link.attributes, link.dropped_attributes_count)
                })
                .collect(),
            dropped_links: span.links.dropped_count,
            status: span.status.clone(),
            scope: span.instrumentation_scope.clone(),
        }
    }
}
