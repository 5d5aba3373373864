//! The traces that are under way: what has ended waits here until its root has.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use opentelemetry::trace::TraceId;
use opentelemetry_sdk::trace::SpanData;

use super::super::exporter::LogEntry;
use super::starts::StartedSpan;
use super::trace::Trace;
use super::tree::Tree;

/// The most that is held back, of all traces together, and for how long.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// Spans that have started and not ended.
    pub(super) open: usize,
    /// Spans that have ended, and logs.
    pub(super) held: usize,
    /// The memory that these take.
    pub(super) bytes: usize,
    pub(super) age: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { open: 16_384, held: 16_384, bytes: 32 << 20, age: Duration::from_secs(60) }
    }
}

/// How many traces are remembered that are over, for spans that come later still.
const REMEMBERED: usize = 256;

/// All traces that have something that runs or waits.
#[derive(Debug, Default)]
pub(super) struct Forest {
    traces: HashMap<TraceId, Trace>,
    /// Those that are over, with the name of their root.
    over: VecDeque<(TraceId, String)>,
    bounds: Bounds,
    open: usize,
    held: usize,
    bytes: usize,
    /// How many traces there were, to know which is the oldest.
    count: u64,
}

impl Forest {
    #[cfg(test)]
    pub(super) fn new(bounds: Bounds) -> Self {
        Self { bounds, ..Self::default() }
    }

    /// Notes a span that runs from now on. Returns how deep it stands below others that run.
    pub(super) fn start(&mut self, span: StartedSpan, trees: &mut Vec<Tree>) -> usize {
        let (id, now) = (span.trace_id, Instant::now());
        let depth = self.change(id, |trace| trace.start(span));
        self.limit(now, trees);
        depth
    }

    /// Takes in a span that has ended, and adds what can be shown by now.
    pub(super) fn end(&mut self, span: SpanData, now: Instant, trees: &mut Vec<Tree>) {
        self.change(span.span_context.trace_id(), |trace| {
            trace.end(span, now, trees);
            // Nothing is left that could complete what waits, where the start of something was missed.
            if trace.open.is_empty() {
                trace.take_all(false, trees);
            }
        });
        self.limit(now, trees);
    }

    /// Takes in a log of a span that runs or waits; gives back any other.
    pub(super) fn log(&mut self, log: LogEntry, now: Instant, trees: &mut Vec<Tree>) -> Option<LogEntry> {
        let ids = log.0.trace_context().map(|context| (context.trace_id, context.span_id));
        let Some((id, span)) =
            ids.filter(|(id, span)| self.traces.get(id).is_some_and(|trace| trace.knows(*span)))
        else {
            return Some(log);
        };
        self.change(id, |trace| trace.log(span, log, now));
        self.limit(now, trees);
        None
    }

    /// Adds what has waited too long for its root.
    pub(super) fn expire(&mut self, now: Instant, trees: &mut Vec<Tree>) {
        let is_old = |trace: &Trace| {
            trace.since.is_some_and(|since| now.saturating_duration_since(since) >= self.bounds.age)
        };
        let old: Vec<_> = self.traces.iter().filter(|(_, trace)| is_old(trace)).map(|(id, _)| *id).collect();
        for id in old {
            self.change(id, |trace| trace.take_all(false, trees));
        }
    }

    /// Adds all that is left, in the order in which it began. Nothing is known of it any more.
    pub(super) fn clear(&mut self, trees: &mut Vec<Tree>) {
        let mut left: Vec<_> = std::mem::take(&mut self.traces).into_values().collect();
        left.sort_by_key(|trace| trace.number);
        for mut trace in left {
            trace.take_all(true, trees);
        }
        (self.open, self.held, self.bytes) = (0, 0, 0);
    }

    /// Changes one trace and what is counted of all.
    fn change<R>(&mut self, id: TraceId, change: impl FnOnce(&mut Trace) -> R) -> R {
        let Self { traces, over, count, .. } = self;
        let trace = traces.entry(id).or_insert_with(|| {
            *count += 1;
            let root = over.iter().find(|(over, _)| *over == id).map(|(_, root)| root.clone());
            Trace::new(id, *count, root)
        });
        let (open, held, bytes) = (trace.open.len(), trace.held_items(), trace.bytes);
        let result = change(trace);
        self.open = self.open + trace.open.len() - open;
        self.held = self.held + trace.held_items() - held;
        self.bytes = self.bytes + trace.bytes - bytes;
        if trace.open.is_empty() && trace.held_items() == 0 {
            let root = trace.root.take();
            self.traces.remove(&id);
            if let Some(root) = root {
                self.remember(id, root);
            }
        }
        result
    }

    fn remember(&mut self, id: TraceId, root: String) {
        if self.over.iter().any(|(over, _)| *over == id) {
            return;
        }
        if self.over.len() >= REMEMBERED {
            self.over.pop_front();
        }
        self.over.push_back((id, root));
    }

    /// Shows what waits of the oldest traces, and forgets what runs in them, until it is no more than may be.
    fn limit(&mut self, now: Instant, trees: &mut Vec<Tree>) {
        while self.held > self.bounds.held || self.bytes > self.bounds.bytes {
            let waiting = self.traces.iter().filter(|(_, trace)| trace.held_items() > 0);
            let oldest = waiting.min_by_key(|(_, trace)| trace.since.unwrap_or(now)).map(|(id, _)| *id);
            let Some(oldest) = oldest else { return };
            self.change(oldest, |trace| trace.take_all(false, trees));
        }
        while self.open > self.bounds.open {
            let running = self.traces.iter().filter(|(_, trace)| !trace.open.is_empty());
            let Some(oldest) = running.min_by_key(|(_, trace)| trace.number).map(|(id, _)| *id) else {
                return;
            };
            self.change(oldest, |trace| {
                trace.take_all(false, trees);
                trace.forget();
            });
        }
    }
}

/// Everything of a batch, in trees as far as it has them: for where nobody tells of spans that start.
pub(super) fn batch(spans: Vec<SpanData>) -> Vec<Tree> {
    let (mut forest, mut trees) = (Forest::default(), Vec::new());
    let now = Instant::now();
    for span in spans {
        let id = span.span_context.trace_id();
        forest.change(id, |trace| trace.hold(span, now, &mut trees));
    }
    forest.clear(&mut trees);
    trees
}
