//! The rows: what kind of call is measured, how often, and of whom.

use crate::contender::Contender::{self, *};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    Off,
    OffAll,
    UnsampledRoot,
    UnsampledChild,
    Child,
    ChildWithTwo,
    Async,
    Poll,
    RootWithTen,
    Error,
    Counted,
    CountedDynamic,
    Timed,
    AllThree,
    ChildThreads,
    CountedThreads,
    TimedThreads,
    Declared,
    DeclaredEnums,
    DeclaredText,
    DeclaredThreads,
    DeclaredEnumsThreads,
    DeclaredTextThreads,
    Increment,
    Observe,
    IncrementThreads,
    ObserveThreads,
}

use Row::*;

pub const ROWS: [Row; 27] = [
    Off,
    OffAll,
    UnsampledRoot,
    UnsampledChild,
    Child,
    ChildWithTwo,
    Async,
    Poll,
    RootWithTen,
    Error,
    Counted,
    CountedDynamic,
    Timed,
    AllThree,
    ChildThreads,
    CountedThreads,
    TimedThreads,
    Declared,
    DeclaredEnums,
    DeclaredText,
    DeclaredThreads,
    DeclaredEnumsThreads,
    DeclaredTextThreads,
    Increment,
    Observe,
    IncrementThreads,
    ObserveThreads,
];

/// The polls of one call in the row [`Poll`].
pub const POLLS: u64 = 100;

/// The spans that may wait at once, for everybody.
pub const QUEUE: u64 = 8192;

/// Spans between two flushes: half of the queue, so that nobody drops one who empties it in time.
const SPANS: u64 = QUEUE / 2;

impl Row {
    /// What it is called on the command line, in the report and in the targets.
    pub const fn name(self) -> &'static str {
        match self {
            Off => "not-initialised",
            OffAll => "not-initialised-all-three",
            UnsampledRoot => "unsampled-root",
            UnsampledChild => "unsampled-child",
            Child => "sampled-child",
            ChildWithTwo => "sampled-child-two-attributes",
            Async => "async",
            Poll => "async-poll",
            RootWithTen => "root-with-ten-children",
            Error => "error",
            Counted => "counted",
            CountedDynamic => "counted-dynamic",
            Timed => "timed",
            AllThree => "all-three",
            ChildThreads => "sampled-child-threads",
            CountedThreads => "counted-threads",
            TimedThreads => "timed-threads",
            Declared => "declared",
            DeclaredEnums => "declared-enums",
            DeclaredText => "declared-text",
            DeclaredThreads => "declared-threads",
            DeclaredEnumsThreads => "declared-enums-threads",
            DeclaredTextThreads => "declared-text-threads",
            Increment => "increment",
            Observe => "observe",
            IncrementThreads => "increment-threads",
            ObserveThreads => "observe-threads",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        ROWS.into_iter().find(|row| row.name() == name)
    }

    /// What one of its figures stands for.
    pub const fn title(self) -> &'static str {
        match self {
            Off => "a call, nothing installed: span",
            OffAll => "a call, nothing installed: span, counter and histogram",
            UnsampledRoot => "a call whose span is a root that the sampler refuses",
            UnsampledChild => "a call inside an unsampled trace",
            Child => "a call inside a sampled trace",
            ChildWithTwo => "a call inside a sampled trace, with an integer and a literal as attributes",
            Async => "an async call inside a sampled trace, ready at once",
            Poll => "a poll of an async call that takes a hundred",
            RootWithTen => "a call that is a root and makes ten calls: eleven spans",
            Error => "a call inside a sampled trace that returns an error",
            Counted => "a call that is counted, literal attributes",
            CountedDynamic => "a call that is counted, with a bool and a &'static str as attributes",
            Timed => "a call that is timed, literal attributes",
            AllThree => "a call with span, counter and histogram",
            ChildThreads => "a call inside a sampled trace, on each of the threads",
            CountedThreads => "a call that is counted, literal attributes, on each of the threads",
            TimedThreads => "a call that is timed, literal attributes, on each of the threads",
            Declared => "an addition to a counter, literal attributes",
            DeclaredEnums => "an addition to a counter, three enums of four values as attributes",
            DeclaredText => "an addition to a counter, a text of 64 as attribute",
            DeclaredThreads => "an addition to a counter, literal attributes, on each of the threads",
            DeclaredEnumsThreads => {
                "an addition to a counter, three enums as attributes, on each of the threads"
            }
            DeclaredTextThreads => "an addition to a counter, a text as attribute, on each of the threads",
            Increment => "an increment through the non-blocking exporter",
            Observe => "an observation through the non-blocking exporter",
            IncrementThreads => "an increment through the non-blocking exporter, on each of the threads",
            ObserveThreads => "an observation through the non-blocking exporter, on each of the threads",
        }
    }

    /// The contenders, in the order of the report.
    pub const fn contenders(self) -> &'static [Contender] {
        match self {
            Off => &[Plain, Cryostorm, Sdk, Tracing, Fastrace],
            OffAll => &[Plain, Cryostorm],
            UnsampledRoot => &[Plain, Bare, Cryostorm, Sdk, Tracing, Fastrace],
            UnsampledChild => &[Plain, Cryostorm, Sdk, Tracing, Fastrace, FastraceOrphan],
            Child => &[Plain, Bare, Cryostorm, Sdk, SdkEqual, Tracing, Fastrace],
            ChildWithTwo | Async => &[Plain, Cryostorm, Sdk, SdkEqual, Tracing, Fastrace],
            Poll | RootWithTen => &[Plain, Cryostorm, Sdk, SdkEqual, Tracing, Fastrace],
            Error => &[Plain, Cryostorm, Sdk, SdkEqual, Tracing],
            Counted | Timed | Declared => {
                &[Plain, Cryostorm, SdkBound, Sdk, MetricsKept, Metrics, PrometheusKept, Prometheus]
            }
            CountedDynamic => &[Plain, Cryostorm, Sdk, Metrics, Prometheus],
            AllThree => &[Plain, Cryostorm, CryostormTraced, SdkEqual],
            ChildThreads => &[Cryostorm, Sdk, Tracing, Fastrace],
            DeclaredEnums => &[Cryostorm, SdkBound, Sdk, Metrics, Prometheus],
            DeclaredText => &[Cryostorm, Sdk, Metrics, Prometheus],
            DeclaredEnumsThreads => &[Cryostorm, SdkBound, Sdk, Metrics, Prometheus],
            DeclaredTextThreads => &[Cryostorm, Sdk, Metrics, Prometheus],
            CountedThreads | TimedThreads | DeclaredThreads => {
                &[Cryostorm, SdkBound, Sdk, MetricsKept, PrometheusKept]
            }
            Increment | Observe | IncrementThreads | ObserveThreads => {
                &[Cryostorm, ExporterPanics, ExporterHangs, ExporterGone, Sdk]
            }
        }
    }

    /// How many threads call at once.
    pub const fn threads(self) -> &'static [usize] {
        match self {
            ChildThreads | CountedThreads | TimedThreads => &[1, 2, 4],
            DeclaredThreads | DeclaredEnumsThreads | DeclaredTextThreads => &[1, 2],
            IncrementThreads | ObserveThreads => &[2],
            _ => &[1],
        }
    }

    /// The spans of one call that are to arrive.
    pub const fn spans(self) -> u64 {
        match self {
            Child | ChildWithTwo | Async | Poll | Error | AllThree | ChildThreads => 1,
            RootWithTen => 11,
            _ => 0,
        }
    }

    /// The values of metrics that one call records.
    pub const fn values(self) -> u64 {
        match self {
            Counted | CountedDynamic | Timed | CountedThreads | TimedThreads => 1,
            Declared | DeclaredEnums | DeclaredText => 1,
            DeclaredThreads | DeclaredEnumsThreads | DeclaredTextThreads => 1,
            Increment | Observe | IncrementThreads | ObserveThreads => 1,
            AllThree => 2,
            _ => 0,
        }
    }

    /// Whether the calls of a batch stand under one span, which is to arrive too.
    pub const fn has_parent(self) -> bool {
        self.spans() == 1
    }

    /// The calls, of all threads together, between two flushes.
    pub const fn batch(self) -> u64 {
        match self {
            // fastrace hands over something for each poll, and has room for 10,240.
            Poll => SPANS / 64,
            Off | OffAll | UnsampledRoot | UnsampledChild | Counted | CountedDynamic | Timed => 200_000,
            Declared | DeclaredEnums | DeclaredText => 200_000,
            CountedThreads | TimedThreads | DeclaredThreads | DeclaredEnumsThreads | DeclaredTextThreads => {
                1_000_000
            }
            Child | ChildWithTwo | Async | RootWithTen | Error | AllThree | ChildThreads => {
                SPANS / self.spans()
            }
            // No more than its queue has room for, and what comes out of it takes a while.
            Increment | Observe => QUEUE / 2,
            IncrementThreads | ObserveThreads => 200_000,
        }
    }

    /// The most spans in one export. Where threads are compared, so many that none begins before a batch is about to end:
    /// what exports them leaves the processors to them, so that they do run at the same time.
    pub const fn export(self) -> u64 {
        if matches!(self, ChildThreads) { QUEUE } else { 512 }
    }

    /// The batches of one round.
    pub const fn batches(self) -> u64 {
        match self {
            Increment | Observe => 24,
            // Next to nothing is to be told from nothing.
            Off | OffAll => 20,
            // Processors that slept take a while.
            ChildThreads => 48,
            _ if self.spans() == 0 => 1,
            _ => 6,
        }
    }

    /// Whether it is of library code that counts and measures through an exporter.
    pub const fn is_of_exporter(self) -> bool {
        matches!(self, Increment | Observe | IncrementThreads | ObserveThreads)
    }

    /// Whether it is of declared metrics whose attributes differ from call to call.
    pub const fn has_attributes(self) -> bool {
        matches!(self, DeclaredEnums | DeclaredText | DeclaredEnumsThreads | DeclaredTextThreads)
    }

    /// The figures that one call gives.
    pub const fn figures(self) -> u64 {
        if matches!(self, Poll) { POLLS } else { 1 }
    }
}
