//! One trace that is under way, as far as it runs in this process.

use std::collections::{HashMap, HashSet};
use std::time::{Instant, SystemTime};

use opentelemetry::trace::{SpanId, TraceId};
use opentelemetry_sdk::logs::SdkLogRecord;
use opentelemetry_sdk::trace::SpanData;

use super::super::exporter::LogEntry;
use super::super::queued::Queued;
use super::super::text::cut;
use super::failure::Failure;
use super::starts::StartedSpan;
use super::tree::{Item, Place, Row, Tree};
use super::words::NAME;

/// Spans that run, and what waits for one of them to end.
#[derive(Debug)]
pub(super) struct Trace {
    id: TraceId,
    /// Which one it is of all that there were.
    pub(super) number: u64,
    pub(super) open: HashMap<SpanId, Open>,
    held: HashMap<SpanId, SpanData>,
    logs: HashMap<SpanId, Vec<LogEntry>>,
    log_count: usize,
    children: HashMap<SpanId, Vec<SpanId>>,
    /// What waits takes so much memory.
    pub(super) bytes: usize,
    /// Since when something waits.
    pub(super) since: Option<Instant>,
    /// The name of a root of it that was shown.
    pub(super) root: Option<String>,
}

/// A span that runs.
#[derive(Clone, Debug)]
pub(super) struct Open {
    pub(super) span: StartedSpan,
    depth: usize,
}

/// The span it began under, unless that was elsewhere.
fn parent_of(span: &SpanData) -> Option<SpanId> {
    (span.parent_span_id != SpanId::INVALID && !span.parent_span_is_remote).then_some(span.parent_span_id)
}

impl Trace {
    pub(super) fn new(id: TraceId, number: u64, root: Option<String>) -> Self {
        Self {
            id,
            number,
            open: HashMap::new(),
            held: HashMap::new(),
            logs: HashMap::new(),
            log_count: 0,
            children: HashMap::new(),
            bytes: 0,
            since: None,
            root,
        }
    }

    /// How many spans and logs wait.
    pub(super) fn held_items(&self) -> usize {
        self.held.len() + self.log_count
    }

    /// Whether the span runs or waits.
    pub(super) fn knows(&self, span: SpanId) -> bool {
        self.open.contains_key(&span) || self.held.contains_key(&span)
    }

    pub(super) fn start(&mut self, span: StartedSpan) -> usize {
        let depth =
            span.parent.and_then(|parent| self.open.get(&parent)).map_or(0, |parent| parent.depth + 1);
        if let Some(parent) = span.parent {
            self.children.entry(parent).or_default().push(span.span_id);
        }
        self.open.insert(span.span_id, Open { span, depth });
        depth
    }

    /// Takes in a span that has ended. What it is the top of can be shown.
    pub(super) fn end(&mut self, span: SpanData, now: Instant, trees: &mut Vec<Tree>) {
        let (id, parent) = (span.span_context.span_id(), parent_of(&span));
        let name = parent.is_none().then(|| cut(&span.name, NAME));
        let place = match parent {
            None => Place::Root,
            Some(parent) if self.knows(parent) => return self.hold(span, now, trees),
            Some(_) => self.apart(),
        };
        self.hold(span, now, trees);
        trees.extend(self.take(id, place, false));
        if let Some(name) = name {
            self.root = Some(name);
        }
    }

    /// Keeps a span until what it belongs to can be shown.
    pub(super) fn hold(&mut self, span: SpanData, now: Instant, trees: &mut Vec<Tree>) {
        let (id, parent) = (span.span_context.span_id(), parent_of(&span));
        let was_open = self.open.remove(&id).is_some();
        // Ids are a user's to make where the generator is.
        if self.held.contains_key(&id) {
            let place = self.apart();
            trees.extend(self.take(id, place, false));
        }
        if let Some(parent) = parent.filter(|_| !was_open) {
            self.children.entry(parent).or_default().push(id);
        }
        self.bytes += span.bytes();
        self.held.insert(id, span);
        self.since.get_or_insert(now);
    }

    pub(super) fn log(&mut self, span: SpanId, log: LogEntry, now: Instant) {
        self.bytes += log.bytes();
        self.log_count += 1;
        self.logs.entry(span).or_default().push(log);
        self.since.get_or_insert(now);
    }

    /// Where what has no parent here belongs.
    fn apart(&self) -> Place {
        self.root.clone().map_or(Place::Apart, Place::After)
    }

    /// Takes all that waits, below the spans that it waits for, and if `running`, those too for which nothing waits.
    pub(super) fn take_all(&mut self, running: bool, trees: &mut Vec<Tree>) {
        let is_top = |id: &SpanId| self.parent(*id).is_none_or(|parent| !self.knows(parent));
        let mut tops: Vec<_> = self.held.keys().chain(self.open.keys()).copied().filter(is_top).collect();
        tops.sort_by_key(|top| self.started(*top));
        // Last those of a ring, which has no top: ids are a user's to make where the generator is.
        tops.extend(self.held.keys().filter(|id| !is_top(id)));
        for top in tops {
            let place = match self.parent(top) {
                None => Place::Root,
                Some(_) => self.apart(),
            };
            let tree = self.take(top, place, true);
            trees.extend(tree.filter(|tree| running || tree.has_ended()));
        }
        self.since = None;
    }

    /// Forgets what runs.
    pub(super) fn forget(&mut self) {
        self.open.clear();
        self.children.clear();
    }

    fn parent(&self, id: SpanId) -> Option<SpanId> {
        self.held.get(&id).map_or_else(|| self.open.get(&id)?.span.parent, parent_of)
    }

    fn started(&self, id: SpanId) -> Option<SystemTime> {
        let held = self.held.get(&id).map(|span| span.start_time);
        held.or_else(|| self.open.get(&id).map(|open| open.span.time))
    }

    /// Takes a span with all that is below it. What waits for one that runs is left to it, unless `all`.
    fn take(&mut self, top: SpanId, place: Place, all: bool) -> Option<Tree> {
        let mut rows = Vec::new();
        let mut next = vec![(0, true, Part::Span(top))];
        let mut seen_open = HashSet::new();
        if let Some(parent) = self.parent(top).filter(|parent| !self.knows(*parent)) {
            self.children.remove(&parent);
        }
        while let Some((depth, is_last, part)) = next.pop() {
            let (item, parts) = match part {
                Part::Item(item) => (item, Vec::new()),
                Part::Span(id) => match self.held.remove(&id) {
                    Some(mut span) => {
                        self.bytes = self.bytes.saturating_sub(span.bytes());
                        let parts = self.parts(id, &mut span);
                        (Item::Span(Box::new(span)), parts)
                    }
                    None => match self.open.get(&id) {
                        Some(open) if seen_open.insert(id) => {
                            let item = Item::Open(Box::new(open.span.clone()));
                            (item, if all { self.parts_of_open(id) } else { Vec::new() })
                        }
                        _ => continue,
                    },
                },
            };
            rows.push(Row { depth, is_last, item });
            let count = parts.len();
            let below = parts.into_iter().enumerate().rev();
            next.extend(below.map(|(index, part)| (depth + 1, index + 1 == count, part)));
        }
        (!rows.is_empty()).then_some(Tree { trace_id: self.id, place, rows })
    }

    /// What stands below a span that has ended, in order of time.
    fn parts(&mut self, id: SpanId, span: &mut SpanData) -> Vec<Part> {
        let links = std::mem::take(&mut span.links.links);
        let mut events = std::mem::take(&mut span.events.events);
        if let Some(failure) = Failure::of(span) {
            failure.take_from(&mut events);
        }
        let children = self.children.remove(&id).unwrap_or_default();
        let mut timed = self.timed(children);
        timed.extend(self.take_logs(id));
        timed.extend(events.into_iter().map(|event| (event.timestamp, Part::Item(Item::Event(event)))));
        timed.sort_by_key(|(time, _)| *time);
        let links = links.into_iter().map(|link| Part::Item(Item::Link(link)));
        links.chain(timed.into_iter().map(|(_, part)| part)).collect()
    }

    fn parts_of_open(&mut self, id: SpanId) -> Vec<Part> {
        let children = self.children.get(&id).cloned().unwrap_or_default();
        let mut timed = self.timed(children);
        timed.extend(self.take_logs(id));
        timed.sort_by_key(|(time, _)| *time);
        if let Some(children) = self.children.get_mut(&id) {
            // Those that have ended go with this tree.
            children.retain(|child| self.open.contains_key(child));
        }
        timed.into_iter().map(|(_, part)| part).collect()
    }

    fn timed(&self, children: Vec<SpanId>) -> Vec<(SystemTime, Part)> {
        children.into_iter().filter_map(|child| Some((self.started(child)?, Part::Span(child)))).collect()
    }

    fn take_logs(&mut self, id: SpanId) -> Vec<(SystemTime, Part)> {
        let logs = self.logs.remove(&id).unwrap_or_default();
        self.log_count -= logs.len();
        let bytes = logs.iter().map(Queued::bytes).sum();
        self.bytes = self.bytes.saturating_sub(bytes);
        let timed = |(log, _): LogEntry| (log_time(&log), Part::Item(Item::Log(Box::new(log))));
        logs.into_iter().map(timed).collect()
    }
}

/// What becomes a row.
enum Part {
    /// A span, running or ended.
    Span(SpanId),
    Item(Item),
}

/// When it happened.
pub(super) fn log_time(log: &SdkLogRecord) -> SystemTime {
    log.timestamp().or(log.observed_timestamp()).unwrap_or(SystemTime::UNIX_EPOCH)
}
