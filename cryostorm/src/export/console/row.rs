//! The lines of trees, and those that stand between them.

use std::fmt::{self, Display};
use std::time::{Duration, SystemTime};

use anstyle::Style;
use opentelemetry::logs::Severity;
use opentelemetry::trace::{Status, TraceId};
use opentelemetry::{Key, KeyValue};
use opentelemetry_sdk::logs::SdkLogRecord;
use opentelemetry_sdk::trace::SpanData;

use super::failure::{Failure, is_error_type};
use super::palette::{Palette, Quiet};
use super::starts::StartedSpan;
use super::trace::log_time;
use super::tree::{DEPTH, Item, Place, Row};
use super::words::{Any, Kind, NAME, TimeOfDay, is_own_scope, pair, pairs, shown};

/// The most bytes of a message.
const MESSAGE: usize = 2000;

/// The line of a row.
pub(super) struct RowLine<'a> {
    pub(super) palette: &'a Palette,
    pub(super) trace_id: TraceId,
    /// What leads from it to what it stands below.
    pub(super) branches: String,
    pub(super) row: &'a Row,
    /// The span that it stands right below, if that has ended.
    pub(super) above: Option<&'a SpanData>,
    pub(super) place: &'a Place,
}

impl Display for RowLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.row.item {
            Item::Span(span) => self.span(f, span),
            Item::Open(span) => {
                self.head(f, span.time, None, "open", self.palette.warning)?;
                self.name(f, &span.name, Kind(&span.kind))?;
                self.place(f)?;
                self.quietly(f, &span.attributes)
            }
            Item::Log(log) => {
                self.head(f, log_time(log), None, &severity(log), severity_style(self.palette, log))?;
                write!(f, "{}", LogText { palette: self.palette, log, span: self.above })
            }
            Item::Event(event) => {
                self.head(f, event.timestamp, None, "event", self.palette.note)?;
                f.write_str(&shown(&event.name, NAME))?;
                self.quietly(f, &pairs(event.attributes.iter().map(pair)))
            }
            Item::Link(link) => {
                // It has no time of its own.
                self.head(f, SystemTime::UNIX_EPOCH, None, "link", self.palette.note)?;
                write!(f, "{}:{}", link.span_context.trace_id(), link.span_context.span_id())?;
                self.quietly(f, &pairs(link.attributes.iter().map(pair)))
            }
        }?;
        f.write_str("\n")
    }
}

impl RowLine<'_> {
    fn head(
        &self,
        f: &mut fmt::Formatter<'_>,
        time: SystemTime,
        took: Option<Duration>,
        word: &str,
        style: Style,
    ) -> fmt::Result {
        Head { palette: self.palette, time, trace: Some(self.trace_id), took, word, style }.fmt(f)?;
        self.quietly(f, &self.branches)
    }

    fn span(&self, f: &mut fmt::Formatter<'_>, span: &SpanData) -> fmt::Result {
        let (palette, failure) = (self.palette, Failure::of(span));
        let took = span.end_time.duration_since(span.start_time).unwrap_or_default();
        let (word, style) = match (&span.status, &failure) {
            (Status::Error { .. }, _) => ("ERROR", palette.error),
            // Not an error, and yet not well: the call was cancelled.
            (_, Some(_)) => ("stop", palette.warning),
            (_, None) => ("ok", palette.ok),
        };
        self.head(f, span.start_time, Some(took), word, style)?;
        self.name(f, &span.name, Kind(&span.span_kind))?;
        self.place(f)?;
        if let Some(Failure { error_type, message }) = failure {
            let message = message.as_deref().filter(|message| !message.is_empty());
            let error_type = error_type.as_ref().map(|value| shown(value.as_str(), NAME));
            write!(f, " {style}{}", error_type.as_deref().unwrap_or_default())?;
            if let Some(message) = message {
                let colon = if error_type.is_some() { ": " } else { "" };
                write!(f, "{colon}{}", shown(message, MESSAGE))?;
            }
            write!(f, "{style:#}")?;
        }
        let attributes = span.attributes.iter().filter(|pair| !is_code(pair) && !is_error_type(pair));
        self.quietly(f, &pairs(attributes.map(pair)))?;
        if !is_own_scope(&span.instrumentation_scope) {
            self.quietly(f, &format!(" scope={}", shown(span.instrumentation_scope.name(), NAME)))?;
        }
        Ok(())
    }

    fn name(&self, f: &mut fmt::Formatter<'_>, name: &str, kind: Kind<'_>) -> fmt::Result {
        let style = if self.row.depth == 0 { self.palette.title } else { Style::new() };
        write!(f, "{style}{}{style:#}{kind}", shown(name, NAME))
    }

    fn place(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let style = self.palette.warning;
        match self.place {
            Place::Root => Ok(()),
            Place::After(root) => write!(f, " {style}(late: {} had ended){style:#}", shown(root, NAME)),
            Place::Apart => write!(f, " {style}(apart from its parent){style:#}"),
        }
    }

    fn quietly(&self, f: &mut fmt::Formatter<'_>, what: &str) -> fmt::Result {
        Quiet(self.palette, what).fmt(f)
    }
}

/// What every line begins with: `12:00:00.123 a1b2c3     1.234ms ok    `.
struct Head<'a> {
    palette: &'a Palette,
    time: SystemTime,
    trace: Option<TraceId>,
    took: Option<Duration>,
    word: &'a str,
    style: Style,
}

impl Display for Head<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { palette: Palette { quiet, .. }, style, .. } = self;
        match self.time {
            SystemTime::UNIX_EPOCH => write!(f, "{:12} ", "")?,
            time => write!(f, "{quiet}{}{quiet:#} ", TimeOfDay(time))?,
        }
        match self.trace {
            Some(trace) => {
                let (color, id) = (self.palette.trace(trace), trace.to_string());
                // The end of it: what a trace id begins with may be a time.
                write!(f, "{color}{}{color:#} ", id.get(id.len().saturating_sub(6)..).unwrap_or(&id))?;
            }
            None => write!(f, "{:6} ", "")?,
        }
        match self.took {
            Some(took) => write!(f, "{:>9.3}ms ", took.as_secs_f64() * 1e3)?,
            None => write!(f, "{:11} ", "")?,
        }
        write!(f, "{style}{:<5}{style:#} ", self.word)
    }
}

/// The line when a span starts.
pub(super) fn start_line(span: &StartedSpan, depth: usize, palette: &Palette) -> String {
    let head = Head {
        palette,
        time: span.time,
        trace: Some(span.trace_id),
        took: None,
        word: "start",
        style: palette.quiet,
    };
    let (indent, name) = ("  ".repeat(depth.min(DEPTH)), shown(&span.name, NAME));
    format!("{head}{indent}{name}{}{}\n", Kind(&span.kind), Quiet(palette, &span.attributes))
}

/// The line of a log that is in no tree.
pub(super) fn log_line(log: &SdkLogRecord, palette: &Palette) -> String {
    let head = Head {
        palette,
        time: log_time(log),
        trace: log.trace_context().map(|context| context.trace_id),
        took: None,
        word: &severity(log),
        style: severity_style(palette, log),
    };
    format!("{head}{}\n", LogText { palette, log, span: None })
}

struct LogText<'a> {
    palette: &'a Palette,
    log: &'a SdkLogRecord,
    /// What is to be read right above it.
    span: Option<&'a SpanData>,
}

impl Display for LogText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { palette, log, span } = self;
        if let Some(target) = log.target() {
            Quiet(palette, &format!("{}: ", shown(target, NAME))).fmt(f)?;
        }
        match (log.body(), log.event_name()) {
            (Some(body), _) => f.write_str(&shown(Any(body), MESSAGE))?,
            (None, Some(event)) => f.write_str(&shown(event, NAME))?,
            (None, None) => {}
        }
        let attributes = log.attributes_iter().filter(|(key, _)| !says_where(key));
        let attributes = attributes.map(|(key, value)| (key.as_str(), Any(value)));
        let own = attributes.filter(|(key, value)| !span.is_some_and(|span| says(span, key, value)));
        Quiet(palette, &pairs(own)).fmt(f)
    }
}

/// Whether a span has the attribute of one of its logs.
fn says(span: &SpanData, key: &str, value: &Any<'_>) -> bool {
    let same = span.attributes.iter().map(pair).find(|(of_span, _)| *of_span == key);
    same.is_some_and(|(_, of_span)| of_span.to_string() == value.to_string())
}

fn severity(log: &SdkLogRecord) -> String {
    let name = log.severity_text().or_else(|| Some(log.severity_number()?.name()));
    shown(name.unwrap_or("-"), 5)
}

fn severity_style(palette: &Palette, log: &SdkLogRecord) -> Style {
    match log.severity_number() {
        Some(severity) if severity >= Severity::Error => palette.error,
        Some(severity) if severity >= Severity::Warn => palette.warning,
        Some(severity) if severity >= Severity::Info => palette.ok,
        _ => palette.quiet,
    }
}

/// What the name of an annotated function says already.
fn is_code(pair: &KeyValue) -> bool {
    says_where(&pair.key)
}

/// What a name or a target says as well, and better to read.
fn says_where(key: &Key) -> bool {
    matches!(key.as_str(), "code.function.name" | "code.file.path" | "code.line.number")
}
