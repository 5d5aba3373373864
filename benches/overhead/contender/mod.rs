//! The contenders: the same calls, instrumented by each library as its users would.
//!
//! Each function's body is `black_box(id)`, and none is inlined. The spans that "equal content" is said of have the
//! three `code.*` attributes that cryostorm's always have.

mod bare;
mod cryostorm;
mod declared;
mod exporter;
mod fastrace;
mod metrics;
mod plain;
mod prometheus;
mod sdk;
mod tracing;

use std::future::Future;
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use crate::row::Row;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contender {
    /// The call alone.
    Plain,
    /// What no span can do without.
    Bare,
    /// The attributes of the row.
    Cryostorm,
    /// `#[traced]` alone, beside all three.
    CryostormTraced,
    /// The SDK: `in_span`; counters and histograms with their attributes at each call.
    Sdk,
    /// The SDK with the same content as ours.
    SdkEqual,
    /// The SDK's bound counters and histograms.
    SdkBound,
    /// `#[tracing::instrument]`, tracing-opentelemetry and the SDK, equal content.
    Tracing,
    Fastrace,
    /// fastrace without a parent: it makes no span.
    FastraceOrphan,
    Metrics,
    /// `metrics` with the counter or histogram kept.
    MetricsKept,
    Prometheus,
    /// prometheus-client with the counter or histogram kept.
    PrometheusKept,
    /// Ours, where the exporter behind the queue panics on every call.
    ExporterPanics,
    /// Ours, where it does not return from its first call.
    ExporterHangs,
    /// Ours, where it was shut down.
    ExporterGone,
}

use Contender::*;

const CONTENDERS: [Contender; 17] = [
    Plain,
    Bare,
    Cryostorm,
    CryostormTraced,
    Sdk,
    SdkEqual,
    SdkBound,
    Tracing,
    Fastrace,
    FastraceOrphan,
    Metrics,
    MetricsKept,
    Prometheus,
    PrometheusKept,
    ExporterPanics,
    ExporterHangs,
    ExporterGone,
];

impl Contender {
    pub const fn name(self) -> &'static str {
        match self {
            Plain => "plain",
            Bare => "bare",
            Cryostorm => "cryostorm",
            CryostormTraced => "cryostorm-traced",
            Sdk => "sdk",
            SdkEqual => "sdk-equal",
            SdkBound => "sdk-bound",
            Tracing => "tracing",
            Fastrace => "fastrace",
            FastraceOrphan => "fastrace-orphan",
            Metrics => "metrics",
            MetricsKept => "metrics-kept",
            Prometheus => "prometheus",
            PrometheusKept => "prometheus-kept",
            ExporterPanics => "panics",
            ExporterHangs => "hangs",
            ExporterGone => "gone",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        CONTENDERS.into_iter().find(|contender| contender.name() == name)
    }

    /// Whether spans of it are to arrive where the row has some.
    pub const fn makes_spans(self) -> bool {
        !matches!(self, Plain | Bare)
    }

    /// Whether its instructions are held.
    pub const fn is_held(self) -> bool {
        matches!(self, Cryostorm | ExporterPanics | ExporterHangs | ExporterGone)
    }

    /// Whether the values of its metrics can be seen where they arrive.
    pub const fn shows_values(self) -> bool {
        matches!(self, Cryostorm | Sdk | SdkEqual | SdkBound)
    }

    /// Installs what the contender needs in this process. Once per process: most of it is global.
    pub fn set_up(self, row: Row) -> Subject {
        match self {
            contender if row.has_attributes() => declared::set_up(contender, row),
            contender if row.is_of_exporter() => exporter::set_up(contender, row),
            Plain => plain::set_up(row),
            Bare => bare::set_up(row),
            Cryostorm => cryostorm::set_up(row),
            CryostormTraced => cryostorm::set_up_traced(),
            Sdk => sdk::set_up(row, sdk::Content::Own),
            SdkEqual => sdk::set_up(row, sdk::Content::Equal),
            SdkBound => sdk::set_up_bound(row),
            Tracing => tracing::set_up(row),
            Fastrace => fastrace::set_up(row),
            FastraceOrphan => fastrace::set_up_orphan(),
            Metrics => metrics::set_up(row),
            MetricsKept => metrics::set_up_kept(row),
            Prometheus => prometheus::set_up(row),
            PrometheusKept => prometheus::set_up_kept(row),
            ExporterPanics | ExporterHangs | ExporterGone => no_such(self.name(), row),
        }
    }
}

/// A contender that is set up.
pub struct Subject {
    run: Box<dyn Fn(u64) + Send + Sync>,
    flush: Box<dyn Fn() + Send + Sync>,
    end: Box<dyn Fn() + Send + Sync>,
}

impl Subject {
    /// `run` makes the given number of calls on the calling thread.
    fn new(run: impl Fn(u64) + Send + Sync + 'static) -> Self {
        Self { run: Box::new(run), flush: Box::new(|| ()), end: Box::new(|| ()) }
    }

    /// `flush` returns when all that was recorded has been exported.
    fn flushed_by(self, flush: impl Fn() + Send + Sync + 'static) -> Self {
        Self { flush: Box::new(flush), ..self }
    }

    /// `end` panics where what became of the calls is not what should have.
    fn ended_by(self, end: impl Fn() + Send + Sync + 'static) -> Self {
        Self { end: Box::new(end), ..self }
    }

    pub fn run(&self, calls: u64) {
        (self.run)(calls);
    }

    pub fn flush(&self) {
        (self.flush)();
    }

    pub fn end(&self) {
        (self.end)();
    }
}

/// Makes the calls; each gets another number.
#[inline(always)]
fn repeat<R>(calls: u64, call: impl Fn(u64) -> R) {
    for id in 0..calls {
        black_box(call(black_box(id)));
    }
}

/// Makes a tenth of the calls to each of ten of a function: what next to nothing costs depends on where in the binary it
/// stands, and these stand at ten places. The function has to use the number of its place, or the compiler makes one of all.
macro_rules! at_ten_places {
    ($function:ident) => {
        $crate::contender::Subject::new(|calls| {
            $crate::contender::at_ten_places!(calls, $function: 1 2 3 4 5 6 7 8 9 10)
        })
    };
    ($calls:ident, $function:ident: $($place:literal)*) => {{
        $($crate::contender::repeat($calls / 10, $function::<$place>);)*
    }};
}
use at_ten_places;

/// Polls until it is ready; an executor's own costs are not in it.
#[inline(always)]
fn block_on<R>(future: impl Future<Output = R>) -> R {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

/// Pending as often as it says.
struct Yields(u64);

impl Future for Yields {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        match self.0 {
            0 => Poll::Ready(()),
            _ => {
                self.0 -= 1;
                Poll::Pending
            }
        }
    }
}

/// The error of the error path.
#[derive(Debug)]
struct Refused;

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("refused")
    }
}

impl std::error::Error for Refused {}

/// The bounds of the duration histograms: those of the HTTP convention, which `#[timed]` has.
const BOUNDS: [f64; 14] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// The bool and the text of [`Row::CountedDynamic`]: four series.
#[inline(always)]
fn dynamic(id: u64) -> (bool, &'static str) {
    (id & 1 == 0, if id & 2 == 0 { "web" } else { "shop" })
}

fn no_such(contender: &str, row: Row) -> ! {
    panic!("{contender} has no row {}", row.name())
}
