//! What a request did, as lines below each other.

use opentelemetry::trace::{Event, Link, TraceId};
use opentelemetry_sdk::logs::SdkLogRecord;
use opentelemetry_sdk::trace::SpanData;

use super::palette::Palette;
use super::row::RowLine;
use super::starts::StartedSpan;

/// How deep spans are drawn below each other; what is deeper says how deep.
pub(super) const DEPTH: usize = 24;

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
        // Those that a row stands below, the outermost first.
        let mut spans: Vec<Option<&SpanData>> = Vec::new();
        for row in &self.rows {
            spans.truncate(row.depth);
            let above = spans.last().copied().flatten();
            spans.push(if let Item::Span(span) = &row.item { Some(span) } else { None });
            let place = if row.depth == 0 { &self.place } else { &Place::Root };
            let (trace_id, branches) = (self.trace_id, branches.to(row));
            let line = RowLine { palette, trace_id, branches, row, above, place };
            text.push_str(&line.to_string());
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
