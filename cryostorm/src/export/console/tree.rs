//! What a request did, as lines below each other.

use std::fmt::{self, Display};
use std::time::{Duration, SystemTime};

use anstyle::Style;
use opentelemetry::trace::{Event, Link, Status, TraceId};
use opentelemetry::{KeyValue, Value};
use opentelemetry_sdk::logs::SdkLogRecord;
use opentelemetry_sdk::trace::SpanData;

use super::palette::Palette;
use super::starts::StartedSpan;
use super::trace::log_time;
use super::words::{Any, Kind, NAME, TimeOfDay, is_own_scope, pairs, shown};

/// The most bytes of a message.
const MESSAGE: usize = 2000;
/// How deep spans are drawn below each other; what is deeper says how deep.
const DEPTH: usize = 24;

/// A span with all that stands below it.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) trace_id: TraceId,
    pub(super) place: Place,
    /// The span itself first, and each before what stands below it.
    pub(super) rows: Vec<Row>,
}

/// Where a tree belongs.
#[derive(Debug)]
pub(super) enum Place {
    /// It is that of a root, or of a span that was called from elsewhere.
    Root,
    /// It ended after the root of that name was shown.
    After(String),
    /// What it stands below was not seen, or is shown already.
    Apart,
}

#[derive(Debug)]
pub(super) struct Row {
    pub(super) depth: usize,
    /// Whether nothing follows beside it.
    pub(super) is_last: bool,
    pub(super) item: Item,
}

#[derive(Debug)]
pub(super) enum Item {
    /// A span that has ended.
    Span(Box<SpanData>),
    /// One that runs.
    Open(Box<StartedSpan>),
    Log(Box<SdkLogRecord>),
    Event(Event),
    Link(Link),
}

impl Tree {
    /// Whether there is more in it than spans that run.
    pub(super) fn has_ended(&self) -> bool {
        self.rows.iter().any(|row| !matches!(row.item, Item::Open(_)))
    }

    pub(super) fn write(&self, palette: &Palette, text: &mut String) {
        let mut branches = Branches::default();
        // Of the last span, for the event that says the same again.
        let mut failure = None;
        for row in &self.rows {
            let drawn = branches.to(row);
            if let Item::Span(span) = &row.item {
                failure = Failure::of(span);
            }
            let place = if row.depth == 0 { &self.place } else { &Place::Root };
            let shown =
                ShownRow { palette, trace_id: self.trace_id, drawn, row, place, failure: failure.as_ref() };
            text.push_str(&shown.to_string());
        }
    }
}

/// The lines from a row up to what it stands below.
#[derive(Default)]
struct Branches {
    /// For each level whether nothing follows on it.
    ended: Vec<bool>,
}

impl Branches {
    fn to(&mut self, row: &Row) -> String {
        self.ended.truncate(row.depth.saturating_sub(1));
        let mut drawn = String::new();
        for is_over in self.ended.iter().take(DEPTH) {
            drawn.push_str(if *is_over { "   " } else { "│  " });
        }
        if row.depth > 0 {
            drawn.push_str(if row.is_last { "└─ " } else { "├─ " });
            self.ended.push(row.is_last);
        }
        if row.depth > DEPTH + 1 {
            drawn.push_str(&format!("[{}] ", row.depth));
        }
        drawn
    }
}

/// A failure as the span's own line says it.
pub(super) struct Failure {
    error_type: Option<Value>,
    message: Option<String>,
}

impl Failure {
    pub(super) fn of(span: &SpanData) -> Option<Self> {
        let error_type =
            span.attributes.iter().rfind(|pair| is_error_type(pair)).map(|pair| pair.value.clone());
        let message = match &span.status {
            Status::Error { description } => Some(description.to_string()),
            _ => None,
        };
        (error_type.is_some() || message.is_some()).then_some(Self { error_type, message })
    }

    /// Whether an event says no more.
    pub(super) fn says_all(&self, event: &Event) -> bool {
        event.name == "exception" && event.attributes.iter().all(|pair| self.says(pair))
    }

    /// Whether an attribute of an exception event says no more.
    fn says(&self, pair: &KeyValue) -> bool {
        match pair.key.as_str() {
            "exception.type" => self.error_type.as_ref() == Some(&pair.value),
            "exception.message" => self.message.as_deref() == Some(&*pair.value.as_str()),
            _ => false,
        }
    }
}

fn is_error_type(pair: &KeyValue) -> bool {
    pair.key.as_str() == "error.type"
}

/// What the name of an annotated function says already.
fn is_code(pair: &KeyValue) -> bool {
    matches!(pair.key.as_str(), "code.function.name" | "code.file.path" | "code.line.number")
}

fn pair(pair: &KeyValue) -> (&str, &Value) {
    (pair.key.as_str(), &pair.value)
}

struct ShownRow<'a> {
    palette: &'a Palette,
    trace_id: TraceId,
    drawn: String,
    row: &'a Row,
    place: &'a Place,
    failure: Option<&'a Failure>,
}

impl Display for ShownRow<'_> {
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
                write!(f, "{}", LogText(self.palette, log))
            }
            Item::Event(event) => {
                self.head(f, event.timestamp, None, "event", self.palette.note)?;
                f.write_str(&shown(&event.name, NAME))?;
                let says = |pair: &&KeyValue| !self.failure.is_some_and(|failure| failure.says(pair));
                self.quietly(f, pairs(event.attributes.iter().filter(says).map(pair)))
            }
            Item::Link(link) => {
                // It has no time of its own.
                self.head(f, SystemTime::UNIX_EPOCH, None, "link", self.palette.note)?;
                write!(f, "{}:{}", link.span_context.trace_id(), link.span_context.span_id())?;
                self.quietly(f, pairs(link.attributes.iter().map(pair)))
            }
        }?;
        f.write_str("\n")
    }
}

impl ShownRow<'_> {
    fn head(
        &self,
        f: &mut fmt::Formatter<'_>,
        time: SystemTime,
        took: Option<Duration>,
        word: &str,
        style: Style,
    ) -> fmt::Result {
        let quiet = self.palette.quiet;
        write!(
            f,
            "{}{quiet}{}{quiet:#}",
            Head { palette: self.palette, time, trace: Some(self.trace_id), took, word, style },
            self.drawn
        )
    }

    fn span(&self, f: &mut fmt::Formatter<'_>, span: &SpanData) -> fmt::Result {
        let palette = self.palette;
        let took = span.end_time.duration_since(span.start_time).unwrap_or_default();
        let (word, style) = match (&span.status, self.failure) {
            (Status::Error { .. }, _) => ("ERROR", palette.error),
            // Not an error, and yet not well: the call was cancelled.
            (_, Some(_)) => ("stop", palette.warning),
            (_, None) => ("ok", palette.ok),
        };
        self.head(f, span.start_time, Some(took), word, style)?;
        self.name(f, &span.name, Kind(&span.span_kind))?;
        self.place(f)?;
        if let Some(Failure { error_type, message }) = self.failure {
            let message = message.as_deref().filter(|message| !message.is_empty());
            let error_type = error_type.as_ref().map(|value| shown(&value.as_str(), NAME));
            write!(f, " {style}{}", error_type.as_deref().unwrap_or_default())?;
            if let Some(message) = message {
                let colon = if error_type.is_some() { ": " } else { "" };
                write!(f, "{colon}{}", shown(message, MESSAGE))?;
            }
            write!(f, "{style:#}")?;
        }
        let attributes = span.attributes.iter().filter(|pair| !is_code(pair) && !is_error_type(pair));
        self.quietly(f, pairs(attributes.map(pair)))?;
        if !is_own_scope(&span.instrumentation_scope) {
            self.quietly(f, format_args!(" scope={}", shown(span.instrumentation_scope.name(), NAME)))?;
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

    fn quietly(&self, f: &mut fmt::Formatter<'_>, what: impl Display) -> fmt::Result {
        let quiet = self.palette.quiet;
        write!(f, "{quiet}{what}{quiet:#}")
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
    let (quiet, indent) = (palette.quiet, "  ".repeat(depth.min(DEPTH)));
    let (name, kind) = (shown(&span.name, NAME), Kind(&span.kind));
    format!("{head}{indent}{name}{kind}{quiet}{}{quiet:#}\n", span.attributes)
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
    format!("{head}{}\n", LogText(palette, log))
}

struct LogText<'a>(&'a Palette, &'a SdkLogRecord);

impl Display for LogText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(Palette { quiet, .. }, log) = self;
        match (log.body(), log.event_name()) {
            (Some(body), _) => f.write_str(&shown(Any(body), MESSAGE))?,
            (None, Some(event)) => f.write_str(&shown(event, NAME))?,
            (None, None) => {}
        }
        let attributes = log.attributes_iter().map(|(key, value)| (key.as_str(), Any(value)));
        write!(f, "{quiet}{}{quiet:#}", pairs(attributes))
    }
}

fn severity(log: &SdkLogRecord) -> String {
    let name = log.severity_text().or_else(|| Some(log.severity_number()?.name()));
    shown(name.unwrap_or("-"), 5)
}

fn severity_style(palette: &Palette, log: &SdkLogRecord) -> Style {
    use opentelemetry::logs::Severity;

    match log.severity_number() {
        Some(severity) if severity >= Severity::Error => palette.error,
        Some(severity) if severity >= Severity::Warn => palette.warning,
        Some(severity) if severity >= Severity::Info => palette.ok,
        _ => palette.quiet,
    }
}
