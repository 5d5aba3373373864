//! What is asked of a span.

use std::borrow::Cow;
use std::mem;

use opentelemetry::trace::{Link, SpanBuilder, SpanKind};
use opentelemetry::{Context, KeyValue};

use crate::instrument::CallSite;

use super::record::{SpanAttributes, SpanRecord};
use super::spares;
use super::tracer::Foreseen;

/// What one span differs in from other spans of its site. What it says is written where the span will have it.
#[derive(Debug, Default)]
pub(crate) struct SpanRequest {
    record: Option<Box<SpanRecord>>,
    /// The parent, unless it is what is current.
    pub(crate) context: Option<Context>,
    /// What is known of it already.
    pub(crate) foreseen: Option<Foreseen>,
}

impl SpanRequest {
    fn record(&mut self) -> &mut SpanRecord {
        self.record.get_or_insert_with(spares::take)
    }

    /// Whether telemetry is suppressed in the parent: then nothing is observed of what goes on under it.
    pub(crate) fn is_suppressed(&self) -> bool {
        self.context.as_ref().is_some_and(Context::is_telemetry_suppressed)
    }

    /// Unless it is that of the site.
    pub(crate) fn set_name(&mut self, name: Cow<'static, str>) {
        self.record().name = Some(name);
    }

    /// Unless it is that of the site.
    pub(crate) fn name(&self) -> Option<&Cow<'static, str>> {
        self.record.as_ref()?.name.as_ref()
    }

    /// Unless it is that of the site.
    pub(crate) fn set_kind(&mut self, kind: SpanKind) {
        self.record().kind = Some(kind);
    }

    /// Beside those of the site.
    #[inline]
    pub(crate) fn add_attribute(&mut self, attribute: KeyValue) {
        self.record().attributes.push(attribute);
    }

    /// Makes room for so many attributes.
    #[cfg(feature = "tower")]
    pub(crate) fn reserve(&mut self, attributes: usize) {
        self.record().attributes.reserve(attributes);
    }

    pub(crate) fn add_link(&mut self, link: Link) {
        self.record().more().links.links.push(link);
    }

    pub(crate) fn take_attributes(&mut self) -> SpanAttributes {
        self.record.as_mut().map(|record| mem::take(&mut record.attributes)).unwrap_or_default()
    }

    /// The record that the span is to have, without links that lead nowhere.
    #[inline]
    pub(super) fn take_record(&mut self) -> Box<SpanRecord> {
        match self.record.take() {
            Some(mut record) => {
                record.retain_links();
                record
            }
            None => spares::take(),
        }
    }

    /// What OpenTelemetry's API takes for the same span.
    pub(crate) fn take_builder(&mut self, site: Option<&'static CallSite>) -> SpanBuilder {
        let mut record = self.take_record();
        record.site = site;
        let attributes: Vec<_> =
            site.iter().flat_map(|site| site.attributes()).chain(record.attributes.drain(..)).collect();
        let mut builder = SpanBuilder::from_name(record.name())
            .with_kind(record.kind().clone())
            .with_attributes(attributes);
        if let Some(more) = record.more.take() {
            builder = builder.with_links(more.links.links);
        }
        spares::keep(record);
        builder
    }
}

impl Drop for SpanRequest {
    #[inline]
    fn drop(&mut self) {
        if let Some(record) = self.record.take() {
            spares::keep(record);
        }
    }
}
