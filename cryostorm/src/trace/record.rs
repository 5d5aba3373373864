//! A span as it is written down, and as exporters take it.

use std::borrow::Cow;
use std::mem;
use std::time::SystemTime;

use opentelemetry::trace::{Event, Link, SpanContext, SpanId, SpanKind, Status};
use opentelemetry::{Context, InstrumentationScope, Key, KeyValue};
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanLimits, SpanLinks};
use smallvec::SmallVec;

use crate::export::{StartedSpan, attribute_bytes};
use crate::instrument::{CallSite, Ticks, UnixTime, WallClock};
use crate::propagation::BaggageAttributes;

use super::origin::Origin;
use super::spares;

/// Attributes that most spans have room for without an allocation.
pub(crate) type SpanAttributes = SmallVec<[KeyValue; 2]>;

/// What is recorded of a span. What is the same in every call of an annotated function is left where it is: in the data
/// of the binary.
#[derive(Debug)]
pub(crate) struct SpanRecord {
    pub(super) context: SpanContext,
    pub(super) parent: SpanId,
    pub(super) parent_is_remote: bool,
    /// None: that of the site.
    pub(super) kind: Option<SpanKind>,
    pub(super) dropped_attributes: u32,
    pub(super) start: UnixTime,
    /// The start by the counter; it stands still where somebody said when the span started.
    pub(super) ticks: Ticks,
    pub(super) end: UnixTime,
    /// The Telemetry that it belongs to.
    pub(super) telemetry: u64,
    pub(super) site: Option<&'static CallSite>,
    pub(super) origin: Option<&'static Origin>,
    /// What few spans have.
    pub(super) more: Option<Box<More>>,
    /// None: that of the site.
    pub(super) name: Option<Cow<'static, str>>,
    pub(super) attributes: SpanAttributes,
}

#[derive(Debug, Default)]
pub(super) struct More {
    pub(super) status: Status,
    pub(super) events: SpanEvents,
    pub(super) links: SpanLinks,
}

impl More {
    fn limit(&mut self, limits: &SpanLimits) {
        let Self { events, links, .. } = self;
        events.dropped_count += cut(&mut events.events, limits.max_events_per_span);
        for event in &mut events.events {
            event.dropped_attributes_count = cut(&mut event.attributes, limits.max_attributes_per_event);
        }
        links.dropped_count += cut(&mut links.links, limits.max_links_per_span);
        for link in &mut links.links {
            link.dropped_attributes_count = cut(&mut link.attributes, limits.max_attributes_per_link);
        }
    }

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
            parent: SpanId::INVALID,
            parent_is_remote: false,
            kind: None,
            name: None,
            site: None,
            origin: None,
            start: UnixTime::EPOCH,
            ticks: Ticks::STILL,
            end: UnixTime::EPOCH,
            attributes: SpanAttributes::new(),
            dropped_attributes: 0,
            more: None,
        }
    }
}

impl SpanRecord {
    /// The name: what it was told, or that of the site.
    pub(crate) fn name(&self) -> Cow<'static, str> {
        self.name.clone().unwrap_or_else(|| self.site.map_or("", CallSite::span_name).into())
    }

    /// The function whose span it is, if it is annotated.
    pub(crate) fn site(&self) -> Option<&'static CallSite> {
        self.site
    }

    /// What there is to say of it when it starts.
    pub(super) fn started(&self) -> StartedSpan {
        let parent = (self.parent != SpanId::INVALID && !self.parent_is_remote).then_some(self.parent);
        StartedSpan::new(&self.context, parent, self.kind(), self.name(), self.start.into(), &self.attributes)
    }

    /// The links that it has.
    pub(crate) fn links(&self) -> &[Link] {
        self.more.as_ref().map_or(&[], |more| &more.links.links)
    }

    /// The attributes beside those of the site.
    pub(crate) fn attributes(&self) -> &[KeyValue] {
        &self.attributes
    }

    #[inline]
    pub(super) fn more(&mut self) -> &mut More {
        self.more.get_or_insert_default()
    }

    /// Drops the links that lead nowhere, as OpenTelemetry's `SpanBuilder` does before samplers see them.
    pub(super) fn retain_links(&mut self) {
        if let Some(more) = &mut self.more {
            more.links.links.retain(|link| link.span_context.is_valid());
        }
    }

    /// Drops what it was given at its start that is more than is allowed.
    #[inline(always)]
    pub(super) fn limit(&mut self) {
        if !self.has_few_attributes() {
            self.limit_attributes();
        }
        if self.more.is_some() {
            let limits = self.limits();
            self.more().limit(&limits);
        }
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

    /// The kind: what it was told, or that of the site.
    pub(crate) fn kind(&self) -> &SpanKind {
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

    /// Adds what of the baggage in the context is to be an attribute.
    #[cold]
    pub(super) fn add_baggage(&mut self, baggage: &BaggageAttributes, context: &Context) {
        let is_there = |key: &Key| {
            let own = self.attributes.iter().any(|attribute| attribute.key == *key);
            own || self.site.is_some_and(|site| site.attributes().any(|attribute| attribute.key == *key))
        };
        let attributes = baggage.of(context, is_there);
        attributes.into_iter().for_each(|attribute| self.set_attribute(attribute));
    }

    /// Whether it is known without counting that there are not too many, as most often.
    #[inline(always)]
    fn has_few_attributes(&self) -> bool {
        let of_site = self.site.map_or(0, CallSite::attribute_bound);
        let most = self.origin.map_or(0, |origin| origin.limits.max_attributes_per_span as usize);
        self.attributes.is_empty() || self.attributes.len() + of_site <= most
    }

    /// Drops the attributes that are more than are allowed.
    #[cold]
    fn limit_attributes(&mut self) {
        let dropped = self.attributes.len().saturating_sub(self.room());
        if dropped > 0 {
            self.attributes.truncate(self.room());
            self.dropped_attributes += u32::try_from(dropped).unwrap_or(u32::MAX);
        }
    }

    /// How much it may hold.
    #[inline]
    pub(super) fn limits(&self) -> SpanLimits {
        self.origin.map_or_else(SpanLimits::default, |origin| origin.limits)
    }

    /// The scope, unless that of the site.
    pub(super) fn scope(&self) -> Option<&'static InstrumentationScope> {
        self.origin.map(|origin| &origin.scope)
    }

    /// How many attributes there may be beside those of the site.
    fn room(&self) -> usize {
        (self.limits().max_attributes_per_span as usize).saturating_sub(self.fixed())
    }

    /// How many attributes come from the site.
    fn fixed(&self) -> usize {
        self.site.map_or(0, CallSite::attribute_count)
    }

    pub(super) fn add_event(&mut self, mut event: Event) {
        let limits = self.limits();
        let more = self.more();
        if more.events.len() < limits.max_events_per_span as usize {
            event.dropped_attributes_count = cut(&mut event.attributes, limits.max_attributes_per_event);
            more.events.events.push(event);
        } else {
            more.events.dropped_count += 1;
        }
    }

    pub(super) fn add_link(&mut self, mut link: Link) {
        let limits = self.limits();
        let more = self.more();
        if more.links.len() < limits.max_links_per_span as usize {
            link.dropped_attributes_count = cut(&mut link.attributes, limits.max_attributes_per_link);
            more.links.links.push(link);
        } else {
            more.links.dropped_count += 1;
        }
    }

    /// A status that says more replaces one that says less: Ok more than Error, and Error more than Unset.
    pub(super) fn set_status(&mut self, status: Status) {
        let more = self.more();
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
    /// The Telemetry that it belongs to.
    #[inline]
    pub(crate) fn telemetry(&self) -> u64 {
        self.record.telemetry
    }

    /// Ends it as of what the clock says is being ended, else at that time, else now.
    #[inline(always)]
    pub(super) fn end(&mut self, time: Option<SystemTime>) {
        let SpanRecord { start, ticks, .. } = *self.record;
        self.record.end = WallClock::with(|clock| match clock.ending() {
            Some(now) => clock.end(start, ticks.until(now)),
            None => Self::end_otherwise(clock, start, ticks, time),
        });
    }

    /// When it ends if the clock does not say: apart, because annotated functions have it said.
    #[cold]
    fn end_otherwise(clock: &WallClock, start: UnixTime, ticks: Ticks, time: Option<SystemTime>) -> UnixTime {
        match time {
            Some(time) if ticks == Ticks::STILL => time.into(),
            Some(time) => WallClock::told(start, time.into()),
            None if ticks == Ticks::STILL => clock.at(Ticks::now()),
            None => clock.end(start, ticks.elapsed()),
        }
    }

    /// About how much memory it takes.
    #[inline]
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
        let beyond = cut(&mut attributes, record.limits().max_attributes_per_span);
        let More { status, events, links } = record.more.take().map(|more| *more).unwrap_or_default();
        let data = SpanData {
            span_context: mem::replace(&mut record.context, SpanContext::NONE),
            parent_span_id: record.parent,
            parent_span_is_remote: record.parent_is_remote,
            span_kind: record.kind().clone(),
            name: record.name.take().unwrap_or_else(|| record.name()),
            start_time: record.start.into(),
            end_time: record.end.into(),
            attributes,
            dropped_attributes_count: record.dropped_attributes + beyond,
            events,
            links,
            status,
            instrumentation_scope: match site.and_then(CallSite::scope) {
                Some(name) => InstrumentationScope::builder(name).build(),
                None => record.scope().cloned().unwrap_or_default(),
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

/// Cuts items down to a number. Returns how many are gone.
fn cut<T>(items: &mut Vec<T>, most: u32) -> u32 {
    let dropped = items.len().saturating_sub(most as usize);
    items.truncate(most as usize);
    u32::try_from(dropped).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn a_time_that_is_told_is_the_end_unless_another_clock_told_the_start() {
        let start = UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        let end = |ticks, time| {
            let record = SpanRecord { start: start.into(), ticks, ..SpanRecord::default() };
            let mut span = EndedSpan { record: Box::new(record) };
            span.end(Some(time));
            SystemTime::from(span.record.end)
        };
        let (sooner, later) = (start - Duration::from_nanos(7), start + Duration::from_nanos(7));
        assert_eq!([sooner, later].map(|time| end(Ticks::STILL, time)), [sooner, later]);
        assert_eq!([sooner, later].map(|time| end(Ticks::now(), time)), [start, later]);
    }
}
