//! A span as it is written down, and as exporters take it.

use std::borrow::Cow;
use std::mem;
use std::time::{SystemTime, UNIX_EPOCH};

use opentelemetry::trace::{Event, Link, SpanContext, SpanId, SpanKind, Status};
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanLimits, SpanLinks};
use smallvec::SmallVec;

use crate::export::attribute_bytes;
use crate::instrument::CallSite;

use super::request::SpanRequest;
use super::spares;

/// Attributes that most spans have room for without an allocation.
pub(crate) type SpanAttributes = SmallVec<[KeyValue; 2]>;

/// What is recorded of a span. What is the same in every call of an annotated function is left where it is: in the data
/// of the binary.
#[derive(Debug)]
pub(crate) struct SpanRecord {
    pub(super) context: SpanContext,
    /// The Telemetry that it belongs to.
    pub(super) telemetry: u64,
    pub(super) limits: SpanLimits,
    pub(super) parent: SpanId,
    pub(super) parent_is_remote: bool,
    /// None: that of the site.
    pub(super) kind: Option<SpanKind>,
    /// None: that of the site.
    pub(super) name: Option<Cow<'static, str>>,
    pub(super) site: Option<&'static CallSite>,
    pub(super) scope: Option<&'static InstrumentationScope>,
    pub(super) start: SystemTime,
    pub(super) end: SystemTime,
    pub(super) attributes: SpanAttributes,
    pub(super) dropped_attributes: u32,
    /// What few spans have.
    pub(super) more: Option<Box<More>>,
}

#[derive(Debug, Default)]
pub(super) struct More {
    pub(super) status: Status,
    pub(super) events: SpanEvents,
    pub(super) links: SpanLinks,
}

impl More {
    fn bytes(&self) -> usize {
        let event =
            |event: &Event| size_of::<Event>() + event.name.len() + attribute_bytes(&event.attributes);
        let status = match &self.status {
            Status::Error { description } => description.len(),
            Status::Unset | Status::Ok => 0,
        };
        let link = |link: &Link| size_of::<Link>() + attribute_bytes(&link.attributes);
        size_of::<Self>()
            + status
            + self.events.iter().map(event).sum::<usize>()
            + self.links.iter().map(link).sum::<usize>()
    }
}

impl Default for SpanRecord {
    fn default() -> Self {
        Self {
            context: SpanContext::NONE,
            telemetry: 0,
            limits: SpanLimits::default(),
            parent: SpanId::INVALID,
            parent_is_remote: false,
            kind: None,
            name: None,
            site: None,
            scope: None,
            start: UNIX_EPOCH,
            end: UNIX_EPOCH,
            attributes: SpanAttributes::new(),
            dropped_attributes: 0,
            more: None,
        }
    }
}

impl SpanRecord {
    /// Takes over what the span differs in from others of its site.
    pub(super) fn apply(&mut self, request: &mut SpanRequest) {
        self.name = request.name.take();
        self.kind = request.kind.take();
        self.attributes = mem::take(&mut request.attributes);
        self.limit_attributes();
        request.links.drain(..).for_each(|link| self.add_link(link));
        request.events.drain(..).for_each(|event| self.add_event(event));
    }

    /// Leaves nothing that takes memory of its own, nor what a span has beyond its beginning.
    pub(super) fn clear(&mut self) {
        self.context = SpanContext::NONE;
        self.kind = None;
        self.name = None;
        self.attributes = SpanAttributes::new();
        self.dropped_attributes = 0;
        self.more = None;
    }

    pub(super) fn kind(&self) -> &SpanKind {
        let of_site = || self.site.and_then(|site| site.span).map(|span| &span.kind);
        self.kind.as_ref().or_else(of_site).unwrap_or(&SpanKind::Internal)
    }

    /// Adds an attribute, where there are not as many as are allowed.
    pub(super) fn set_attribute(&mut self, attribute: KeyValue) {
        if self.attributes.len() < self.room() {
            self.attributes.push(attribute);
        } else {
            self.dropped_attributes += 1;
        }
    }

    /// Drops the attributes that are more than are allowed.
    fn limit_attributes(&mut self) {
        let dropped = self.attributes.len().saturating_sub(self.room());
        if dropped > 0 {
            self.attributes.truncate(self.room());
            self.dropped_attributes += u32::try_from(dropped).unwrap_or(u32::MAX);
        }
    }

    /// How many attributes there may be beside those of the site.
    fn room(&self) -> usize {
        (self.limits.max_attributes_per_span as usize).saturating_sub(self.fixed())
    }

    /// How many attributes come from the site.
    fn fixed(&self) -> usize {
        self.site.map_or(0, CallSite::attribute_count)
    }

    pub(super) fn add_event(&mut self, mut event: Event) {
        let limits = self.limits;
        let more = self.more.get_or_insert_default();
        if more.events.len() < limits.max_events_per_span as usize {
            let most = limits.max_attributes_per_event as usize;
            event.dropped_attributes_count = cut(&mut event.attributes, most);
            more.events.events.push(event);
        } else {
            more.events.dropped_count += 1;
        }
    }

    pub(super) fn add_link(&mut self, mut link: Link) {
        let limits = self.limits;
        let more = self.more.get_or_insert_default();
        if more.links.len() < limits.max_links_per_span as usize {
            let most = limits.max_attributes_per_link as usize;
            link.dropped_attributes_count = cut(&mut link.attributes, most);
            more.links.links.push(link);
        } else {
            more.links.dropped_count += 1;
        }
    }

    /// A status that says more replaces one that says less: Ok more than Error, and Error more than Unset.
    pub(super) fn set_status(&mut self, status: Status) {
        let more = self.more.get_or_insert_default();
        if status > more.status {
            more.status = status;
        }
    }
}

/// A span that has ended.
#[derive(Debug)]
pub(crate) struct EndedSpan {
    pub(super) record: Box<SpanRecord>,
}

impl EndedSpan {
    /// About how much memory it takes.
    pub(super) fn bytes(&self) -> usize {
        let record = &self.record;
        let more = record.more.as_ref().map_or(0, |more| more.bytes());
        let name = record.name.as_ref().map_or(0, |name| name.len());
        size_of::<Self>() + size_of::<SpanRecord>() + name + attribute_bytes(&record.attributes) + more
    }

    /// The span as the SDK's exporters take it.
    pub(crate) fn into_data(self) -> SpanData {
        let Self { mut record } = self;
        let mut attributes = Vec::with_capacity(record.attributes.len() + record.fixed());
        let site = record.site;
        if let Some(site) = site {
            attributes.extend(site.attributes());
        }
        attributes.extend(record.attributes.drain(..));
        let beyond = cut(&mut attributes, record.limits.max_attributes_per_span as usize);
        let More { status, events, links } = record.more.take().map(|more| *more).unwrap_or_default();
        let data = SpanData {
            span_context: mem::replace(&mut record.context, SpanContext::NONE),
            parent_span_id: record.parent,
            parent_span_is_remote: record.parent_is_remote,
            span_kind: record.kind().clone(),
            name: record.name.take().unwrap_or_else(|| site.map_or("", CallSite::span_name).into()),
            start_time: record.start,
            end_time: record.end,
            attributes,
            dropped_attributes_count: record.dropped_attributes + beyond,
            events,
            links,
            status,
            instrumentation_scope: match site.and_then(CallSite::scope) {
                Some(name) => InstrumentationScope::builder(name).build(),
                None => record.scope.cloned().unwrap_or_default(),
            },
        };
        spares::keep(record);
        data
    }

    /// Keeps its place for another span.
    pub(super) fn recycle(self) {
        spares::keep(self.record);
    }
}

/// Cuts attributes down to a number. Returns how many are gone.
fn cut(attributes: &mut Vec<KeyValue>, most: usize) -> u32 {
    let dropped = attributes.len().saturating_sub(most);
    attributes.truncate(most);
    u32::try_from(dropped).unwrap_or(u32::MAX)
}
