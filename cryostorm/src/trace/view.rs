//! What there is to read of a span that has ended, whichever way it came.

use std::ptr;

use opentelemetry::trace::{Event, Link, SpanContext, SpanId, SpanKind, Status};
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_sdk::trace::SpanData;

use crate::instrument::{CallSite, UnixTime};

use super::record::EndedSpan;

/// A span to read from, without a copy of it.
#[derive(Debug)]
pub(crate) struct SpanView<'a> {
    pub(crate) context: &'a SpanContext,
    pub(crate) parent: SpanId,
    pub(crate) parent_is_remote: bool,
    pub(crate) kind: &'a SpanKind,
    /// None: that of the site.
    pub(crate) name: Option<&'a str>,
    pub(crate) site: Option<&'static CallSite>,
    /// How many attributes of the site it has. They come first.
    pub(crate) site_attributes: usize,
    /// Those beside the site's.
    pub(crate) attributes: &'a [KeyValue],
    pub(crate) dropped_attributes: u32,
    /// Nanoseconds since the epoch.
    pub(crate) start: u64,
    pub(crate) end: u64,
    pub(crate) events: &'a [Event],
    pub(crate) dropped_events: u32,
    pub(crate) links: &'a [Link],
    pub(crate) dropped_links: u32,
    pub(crate) status: &'a Status,
    pub(crate) scope: ScopeView<'a>,
}

/// The instrumentation scope of a span.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ScopeView<'a> {
    /// A name and no more.
    Named(&'static str),
    Full(&'a InstrumentationScope),
}

impl PartialEq for ScopeView<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (*self, *other) {
            // Mostly one and the same, which is seen without a look at it.
            (Self::Full(one), Self::Full(other)) => ptr::eq(one, other) || one == other,
            (Self::Named(one), Self::Named(other)) => ptr::eq(one, other) || one == other,
            (Self::Named(name), Self::Full(scope)) | (Self::Full(scope), Self::Named(name)) => {
                scope.name() == name
                    && scope.version().is_none()
                    && scope.schema_url().is_none()
                    && scope.attributes().next().is_none()
            }
        }
    }
}

impl ScopeView<'_> {
    pub(crate) fn to_scope(self) -> InstrumentationScope {
        match self {
            Self::Full(scope) => scope.clone(),
            Self::Named(name) => InstrumentationScope::builder(name).build(),
        }
    }
}

impl<'a> SpanView<'a> {
    #[inline]
    pub(super) fn own(span: &'a EndedSpan) -> Self {
        let EndedSpan { record } = span;
        let most = record.limits().max_attributes_per_span as usize;
        let of_site = record.site.map_or(0, CallSite::attribute_count);
        let site_attributes = of_site.min(most);
        let own = record.attributes.len().min(most - site_attributes);
        let beyond = of_site + record.attributes.len() - site_attributes - own;
        let (status, events, links) = match &record.more {
            None => (&Status::Unset, None, None),
            Some(more) => (&more.status, Some(&more.events), Some(&more.links)),
        };
        Self {
            context: &record.context,
            parent: record.parent,
            parent_is_remote: record.parent_is_remote,
            kind: record.kind(),
            name: record.name.as_deref(),
            site: record.site,
            site_attributes,
            attributes: record.attributes.get(..own).unwrap_or_default(),
            dropped_attributes: record.dropped_attributes + u32::try_from(beyond).unwrap_or(u32::MAX),
            start: record.start.nanos(),
            end: record.end.nanos(),
            events: events.map_or(&[], |events| events),
            dropped_events: events.map_or(0, |events| events.dropped_count),
            links: links.map_or(&[], |links| links),
            dropped_links: links.map_or(0, |links| links.dropped_count),
            status,
            scope: match record.site.and_then(CallSite::scope) {
                Some(name) => ScopeView::Named(name),
                None => record.scope().map_or(ScopeView::Named(""), ScopeView::Full),
            },
        }
    }

    pub(super) fn sdk(span: &'a SpanData) -> Self {
        Self {
            context: &span.span_context,
            parent: span.parent_span_id,
            parent_is_remote: span.parent_span_is_remote,
            kind: &span.span_kind,
            name: Some(&span.name),
            site: None,
            site_attributes: 0,
            attributes: &span.attributes,
            dropped_attributes: span.dropped_attributes_count,
            start: UnixTime::from(span.start_time).nanos(),
            end: UnixTime::from(span.end_time).nanos(),
            events: &span.events,
            dropped_events: span.events.dropped_count,
            links: &span.links,
            dropped_links: span.links.dropped_count,
            status: &span.status,
            scope: ScopeView::Full(&span.instrumentation_scope),
        }
    }
}
