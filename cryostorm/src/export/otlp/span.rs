//! A span in OTLP.

use opentelemetry::trace::{Event, Link, SpanContext, SpanId, SpanKind, Status, TraceState};

use crate::instrument::UnixTime;
use crate::trace::SpanView;

use super::sites::Sites;
use super::{attributes, wire};

pub(super) const NAME: u8 = 5;
pub(super) const ATTRIBUTES: u8 = 9;

/// Writes a span as the field of a message that has it.
pub(super) fn put(out: &mut Vec<u8>, field: u8, span: &SpanView<'_>, sites: &mut Sites) {
    wire::message(out, field, |out| {
        put_ids(out, span.context);
        if span.parent != SpanId::INVALID {
            wire::bytes(out, 4, &span.parent.to_bytes());
        }
        wire::integer(out, 6, kind(span.kind));
        wire::fixed64(out, 7, span.start);
        wire::fixed64(out, 8, span.end);
        put_name_and_attributes(out, span, sites);
        wire::integer(out, 10, span.dropped_attributes.into());
        span.events.iter().for_each(|event| put_event(out, event));
        wire::integer(out, 12, span.dropped_events.into());
        span.links.iter().for_each(|link| put_link(out, link));
        wire::integer(out, 14, span.dropped_links.into());
        put_status(out, span.status);
        wire::fixed32(out, 16, flags(span.context, span.parent_is_remote));
    });
}

/// The first three fields, of a span as of a link.
fn put_ids(out: &mut Vec<u8>, context: &SpanContext) {
    wire::bytes(out, 1, &context.trace_id().to_bytes());
    wire::bytes(out, 2, &context.span_id().to_bytes());
    // To write nothing takes a while too.
    if *context.trace_state() != TraceState::NONE {
        wire::text(out, 3, &context.trace_state().header());
    }
}

fn put_name_and_attributes(out: &mut Vec<u8>, span: &SpanView<'_>, sites: &mut Sites) {
    if let Some(name) = span.name {
        wire::text(out, NAME, name);
    }
    let Some(site) = span.site else {
        return attributes::put_all(out, ATTRIBUTES, span.attributes);
    };
    let part = sites.static_part(site);
    let is_whole = span.site_attributes == site.attribute_count();
    if is_whole && attributes::are_distinct(&part.attributes, span.attributes) {
        out.extend_from_slice(if span.name.is_none() { part.with_name() } else { part.without_name() });
        span.attributes.iter().for_each(|attribute| attributes::put(out, ATTRIBUTES, attribute));
        return;
    }
    if span.name.is_none() {
        out.extend_from_slice(part.name());
    }
    let of_site: Vec<_> = site.attributes().take(span.site_attributes).collect();
    for attribute in attributes::last_of_each(of_site.iter().chain(span.attributes)) {
        attributes::put(out, ATTRIBUTES, &attribute);
    }
}

fn put_event(out: &mut Vec<u8>, event: &Event) {
    wire::message(out, 11, |out| {
        wire::fixed64(out, 1, UnixTime::from(event.timestamp).nanos());
        wire::text(out, 2, &event.name);
        attributes::put_all(out, 3, &event.attributes);
        wire::integer(out, 4, event.dropped_attributes_count.into());
    });
}

fn put_link(out: &mut Vec<u8>, link: &Link) {
    wire::message(out, 13, |out| {
        put_ids(out, &link.span_context);
        attributes::put_all(out, 4, &link.attributes);
        wire::integer(out, 5, link.dropped_attributes_count.into());
        wire::fixed32(out, 6, flags(&link.span_context, link.span_context.is_remote()));
    });
}

/// There even if it is unset.
fn put_status(out: &mut Vec<u8>, status: &Status) {
    match status {
        Status::Unset => wire::bytes(out, 15, &[]),
        Status::Ok => wire::message(out, 15, |out| wire::integer(out, 3, 1)),
        Status::Error { description } => wire::message(out, 15, |out| {
            wire::text(out, 2, description);
            wire::integer(out, 3, 2);
        }),
    }
}

const fn kind(kind: &SpanKind) -> u64 {
    match kind {
        SpanKind::Internal => 1,
        SpanKind::Server => 2,
        SpanKind::Client => 3,
        SpanKind::Producer => 4,
        SpanKind::Consumer => 5,
    }
}

/// The flags of the trace, and above them that it is known whether the span's parent, or what is linked, is remote.
fn flags(context: &SpanContext, is_remote: bool) -> u32 {
    const IS_REMOTE_KNOWN: u32 = 0x100;
    const IS_REMOTE: u32 = 0x200;
    u32::from(context.trace_flags().to_u8()) | IS_REMOTE_KNOWN | if is_remote { IS_REMOTE } else { 0 }
}
