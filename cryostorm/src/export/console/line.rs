//! One readable line per span, metric point and log record, of which each part can be told from the next.

use std::fmt::{self, Display, Write as _};

use opentelemetry::trace::{SpanId, SpanKind, Status};
use opentelemetry_sdk::logs::SdkLogRecord;
use opentelemetry_sdk::trace::SpanData;

use super::super::point::{MetricPoint, PointValue};
use super::super::text::{Quoted, Word};
use super::trace::log_time;
use super::words::{Any, Distribution, Time, is_own_scope, kind_name, pair};

/// A span: when it started, how it went, what it is called, how long it took, where it belongs, what is on it.
pub(super) struct SpanLine<'a>(pub(super) &'a SpanData);

impl Display for SpanLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let span = self.0;
        let took = span.end_time.duration_since(span.start_time).unwrap_or_default();
        let error_type = span.attributes.iter().find(|pair| pair.key.as_str() == "error.type");
        let outcome = match (&span.status, error_type) {
            (Status::Error { .. }, _) => "ERROR",
            // Not an error, and yet not well: the call was cancelled.
            (_, Some(_)) => "stop",
            (_, None) => "ok",
        };
        write!(f, "{} SPAN   {outcome:<5} {} {took:.2?}", Time(span.start_time), Part(&span.name))?;
        if let Status::Error { description } = &span.status
            && !description.is_empty()
        {
            write!(f, " {}", Quoted(description))?;
        }
        write!(f, " trace={} span={}", span.span_context.trace_id(), span.span_context.span_id())?;
        if span.parent_span_id != SpanId::INVALID {
            write!(f, " parent={}", span.parent_span_id)?;
        }
        if span.span_kind != SpanKind::Internal {
            write!(f, " kind={}", kind_name(&span.span_kind))?;
        }
        if !is_own_scope(&span.instrumentation_scope) {
            write!(f, " scope={}", Part(span.instrumentation_scope.name()))?;
        }
        write_pairs(f, span.attributes.iter().map(pair))?;
        for link in span.links.iter() {
            write!(f, " link={}:{}", link.span_context.trace_id(), link.span_context.span_id())?;
            write_pairs(f, link.attributes.iter().map(pair))?;
        }
        for event in span.events.iter() {
            write!(f, " event={}", Part(&event.name))?;
            write_pairs(f, event.attributes.iter().map(pair))?;
        }
        Ok(())
    }
}

/// A metric point: when it was collected, what was measured, how much.
pub(super) struct PointLine<'a>(pub(super) &'a MetricPoint);

impl Display for PointLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let point = self.0;
        write!(f, "{} METRIC       {} ", Time(point.time), Part(&point.name))?;
        match &point.value {
            PointValue::Gauge(value) | PointValue::Sum { value, .. } => write!(f, "{value}")?,
            PointValue::Histogram { count, sum, min, max, bounds, bucket_counts } => {
                write!(f, "count={count} sum={sum}")?;
                if let (Some(min), Some(max)) = (min, max) {
                    write!(f, " min={min} max={max}")?;
                }
                let distribution = Distribution { bounds, counts: bucket_counts }.to_string();
                if !distribution.is_empty() {
                    write!(f, " [{distribution}]")?;
                }
            }
        }
        match point.unit.as_str() {
            "" => {}
            // Braces alone do not make pairs of it: `{call}`.
            unit if unit.contains('=') => write!(f, " {}", Quoted(unit))?,
            unit => write!(f, " {}", Word(unit))?,
        }
        write_pairs(f, point.attributes.iter().map(pair))
    }
}

/// A log record: when, how severe, the message, where it belongs, what is on it.
pub(super) struct LogLine<'a>(pub(super) &'a SdkLogRecord);

impl Display for LogLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let record = self.0;
        let severity = Part(record.severity_text().unwrap_or("-")).to_string();
        write!(f, "{} LOG    {severity:<5}", Time(log_time(record)))?;
        if let Some(body) = record.body() {
            write!(f, " {}", Part(&Any(body).to_string()))?;
        }
        if let Some(target) = record.target() {
            write!(f, " target={}", Part(target))?;
        }
        if let Some(context) = record.trace_context() {
            write!(f, " trace={} span={}", context.trace_id, context.span_id)?;
        }
        write_pairs(f, record.attributes_iter().map(|(key, value)| (key.as_str(), Any(value))))
    }
}

/// ` {key=value key=value}`, or nothing where there are none.
fn write_pairs<'a>(
    f: &mut fmt::Formatter<'_>,
    pairs: impl Iterator<Item = (&'a str, impl Display)>,
) -> fmt::Result {
    let mut any = false;
    for (key, value) in pairs {
        f.write_str(if any { " " } else { " {" })?;
        write!(f, "{}={}", Part(key), Part(&value.to_string()))?;
        any = true;
    }
    if any { f.write_char('}') } else { Ok(()) }
}

/// A word of a line: in quotes also where it could be taken for a pair, or for where pairs begin or end.
struct Part<'a>(&'a str);

impl Display for Part<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.contains(['=', '{', '}']) { Quoted(self.0).fmt(f) } else { Word(self.0).fmt(f) }
    }
}
