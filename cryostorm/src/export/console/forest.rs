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

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use opentelemetry::InstrumentationScope;
    use opentelemetry::logs::{LogRecord as _, Logger as _, LoggerProvider as _};
    use opentelemetry::trace::{SpanContext, SpanId, SpanKind, Status, TraceFlags, TraceState};
    use opentelemetry_sdk::logs::SdkLoggerProvider;
    use opentelemetry_sdk::trace::{SpanEvents, SpanLinks};

    use super::super::super::queued::Queued as _;
    use super::super::tree::{Item, Place};
    use super::*;

    const NONE: u64 = 0;

    fn context(trace: u128, span: u64) -> SpanContext {
        SpanContext::new(
            TraceId::from(trace),
            SpanId::from(span),
            TraceFlags::SAMPLED,
            false,
            TraceState::NONE,
        )
    }

    fn started(trace: u128, span: u64, parent: u64) -> StartedSpan {
        let parent = (parent != NONE).then(|| SpanId::from(parent));
        let name = format!("{span}").into();
        StartedSpan::new(&context(trace, span), parent, &SpanKind::Internal, name, SystemTime::now(), &[])
    }

    fn ended(trace: u128, span: u64, parent: u64) -> SpanData {
        SpanData {
            span_context: context(trace, span),
            parent_span_id: SpanId::from(parent),
            parent_span_is_remote: false,
            span_kind: SpanKind::Internal,
            name: format!("{span}").into(),
            start_time: SystemTime::now(),
            end_time: SystemTime::now(),
            attributes: Vec::new(),
            dropped_attributes_count: 0,
            events: SpanEvents::default(),
            links: SpanLinks::default(),
            status: Status::Unset,
            instrumentation_scope: InstrumentationScope::default(),
        }
    }

    /// What a tree shows: its names in order, in brackets where they run.
    fn names(tree: &Tree) -> Vec<String> {
        let name = |item: &Item| match item {
            Item::Span(span) => span.name.to_string(),
            Item::Open(span) => format!("({})", span.name),
            other => format!("{other:?}"),
        };
        tree.rows.iter().map(|row| name(&row.item)).collect()
    }

    fn all_names(trees: &[Tree]) -> Vec<Vec<String>> {
        trees.iter().map(names).collect()
    }

    #[test]
    fn what_waits_too_long_is_shown_below_what_it_waits_for() {
        let bounds = Bounds { age: Duration::from_secs(60), ..Bounds::default() };
        let (mut forest, mut trees, now) = (Forest::new(bounds), Vec::new(), Instant::now());
        forest.start(started(1, 1, NONE), &mut trees);
        for (span, later) in [(2, 0), (3, 30), (4, 61)] {
            let now = now + Duration::from_secs(later);
            forest.start(started(1, span, 1), &mut trees);
            forest.expire(now, &mut trees);
            forest.end(ended(1, span, 1), now, &mut trees);
        }
        assert_eq!(all_names(&trees), [["(1)", "2", "3", "(4)"]]);
        trees.clear();
        forest.end(ended(1, 1, NONE), now, &mut trees);
        assert_eq!(all_names(&trees), [["1", "4"]]);
        assert!(forest.traces.is_empty() && forest.held + forest.open + forest.bytes == 0, "{forest:?}");
    }

    #[test]
    fn no_more_waits_than_may() {
        for bounds in [
            Bounds { held: 10, ..Bounds::default() },
            Bounds { bytes: 10 * ended(1, 1, 1).bytes(), ..Bounds::default() },
        ] {
            let (mut forest, mut trees, now) = (Forest::new(bounds), Vec::new(), Instant::now());
            for trace in 1..=3 {
                forest.start(started(trace, 1, NONE), &mut trees);
                for span in 2..=8 {
                    let now = now + Duration::from_secs(trace as u64);
                    forest.start(started(trace, span, 1), &mut trees);
                    forest.end(ended(trace, span, 1), now, &mut trees);
                    assert!(forest.held <= 10 && forest.bytes <= bounds.bytes);
                }
            }
            let shown: Vec<_> = trees.iter().map(|tree| (tree.trace_id, tree.rows.len())).collect();
            assert_eq!(shown, [(TraceId::from(1), 8), (TraceId::from(2), 8)], "{bounds:?}");
        }
    }

    fn log(trace: u128, span: u64) -> LogEntry {
        let logger = SdkLoggerProvider::builder().build().logger("test");
        let mut record = logger.create_log_record();
        record.set_trace_context(TraceId::from(trace), SpanId::from(span), None);
        (record, InstrumentationScope::default())
    }

    #[test]
    fn logs_wait_within_the_same_bounds() {
        let (mut forest, mut trees, now) =
            (Forest::new(Bounds { held: 10, ..Bounds::default() }), Vec::new(), Instant::now());
        forest.start(started(1, 1, NONE), &mut trees);
        for _ in 0..25 {
            assert!(forest.log(log(1, 1), now, &mut trees).is_none());
            assert!(forest.held <= 10 && (forest.bytes > 0) == (forest.held > 0), "{forest:?}");
        }
        assert!(forest.log(log(1, 2), now, &mut trees).is_some(), "of no span that is known");
        forest.end(ended(1, 1, NONE), now, &mut trees);
        let rows: Vec<_> = trees.iter().map(|tree| tree.rows.len()).collect();
        assert_eq!(rows, [12, 12, 4], "eleven logs below what runs, twice, and the rest below what ended");
        assert!(forest.traces.is_empty() && forest.held + forest.open + forest.bytes == 0, "{forest:?}");
    }

    #[test]
    fn no_more_runs_than_may() {
        let bounds = Bounds { open: 10, ..Bounds::default() };
        let (mut forest, mut trees, now) = (Forest::new(bounds), Vec::new(), Instant::now());
        for trace in 1..=20 {
            forest.start(started(trace, 1, NONE), &mut trees);
        }
        assert_eq!((forest.open, forest.traces.len(), trees.len()), (10, 10, 0));
        forest.end(ended(1, 1, NONE), now, &mut trees);
        assert_eq!(all_names(&trees), [["1"]], "what was forgotten is shown when it ends");
    }

    #[test]
    fn ids_that_come_twice_and_rings_are_shown() {
        let (mut forest, mut trees, now) = (Forest::default(), Vec::new(), Instant::now());
        forest.start(started(1, 9, NONE), &mut trees);
        for (span, parent) in [(1, 9), (1, 9), (2, 3), (3, 2), (4, 4)] {
            forest.start(started(1, span, parent), &mut trees);
        }
        for (span, parent) in [(1, 9), (1, 9), (2, 3), (3, 2), (4, 4)] {
            forest.end(ended(1, span, parent), now, &mut trees);
        }
        forest.end(ended(1, 9, NONE), now, &mut trees);
        let mut shown: Vec<_> = all_names(&trees).concat();
        shown.sort();
        assert_eq!(shown, ["1", "1", "2", "3", "4", "9"]);
        assert!(forest.traces.is_empty());
    }

    #[test]
    fn a_start_that_was_missed_loses_nothing() {
        let (mut forest, mut trees, now) = (Forest::default(), Vec::new(), Instant::now());
        for (span, parent) in [(3, 2), (2, 1), (1, NONE)] {
            forest.end(ended(1, span, parent), now, &mut trees);
        }
        assert_eq!(all_names(&trees), [["3"], ["2"], ["1"]]);
        assert!(matches!(trees[0].place, Place::Apart));
        let batch = batch(vec![ended(1, 3, 2), ended(1, 2, 1), ended(1, 1, NONE), ended(2, 1, 7)]);
        assert_eq!(all_names(&batch), [vec!["1", "2", "3"], vec!["1"]]);
    }
}
