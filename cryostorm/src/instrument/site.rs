//! What is known of an annotated function when it compiles.
//!
//! An expansion writes these as constants, so that they are data of the binary.

use opentelemetry::trace::SpanKind;
use opentelemetry::{Key, KeyValue, Value};

use super::cardinality::Part;
use super::in_force::{LOGS, METRICS, SPANS};
use super::instruments::{PER_WHOLE, per_second};

/// One annotated function.
#[derive(Debug)]
pub struct CallSite {
    /// Its full path. Empty where a span is all that is known, and not the function around it.
    pub function: &'static str,
    /// The file that it stands in. Empty where that is not known.
    pub file: &'static str,
    /// The line that it stands on.
    pub line: u32,
    /// The span that it makes.
    pub span: Option<&'static SpanSite>,
    /// What counts its calls.
    pub counter: Option<&'static CounterSite>,
    /// What its duration goes to.
    pub histogram: Option<&'static HistogramSite>,
    /// The signals that it has something for, as a set of bits. Known before a call asks, as what follows is.
    signals: u64,
    is_root: bool,
    counts_in_flight: bool,
}

impl CallSite {
    /// One with these.
    pub const fn new(
        function: &'static str,
        file: &'static str,
        line: u32,
        span: Option<&'static SpanSite>,
        counter: Option<&'static CounterSite>,
        histogram: Option<&'static HistogramSite>,
    ) -> Self {
        let (of_span, is_root) = match span {
            None => (0, false),
            Some(span) if span.record_error.as_log() => (SPANS | LOGS, span.root),
            Some(span) => (SPANS, span.root),
        };
        let counts_in_flight = matches!(histogram, Some(HistogramSite { in_flight: Some(_), .. }));
        let of_metrics = if counter.is_some() || histogram.is_some() { METRICS } else { 0 };
        let signals = of_span | of_metrics;
        Self { function, file, line, span, counter, histogram, signals, is_root, counts_in_flight }
    }

    /// The signals that it has something for, as a set of bits.
    #[inline]
    pub(super) fn signals(&self) -> u64 {
        self.signals
    }

    /// Whether metrics have something of its calls.
    #[inline]
    pub(super) fn has_metrics(&self) -> bool {
        self.signals & METRICS != 0
    }

    /// Whether its calls count while they go on.
    #[inline]
    pub(super) fn counts_in_flight(&self) -> bool {
        self.counts_in_flight
    }

    /// The name of its spans, unless they are told theirs.
    pub(crate) fn span_name(&self) -> &'static str {
        self.span.and_then(|span| span.name).unwrap_or(self.function)
    }

    /// The attributes that all its spans have.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = KeyValue> {
        let own = self.span.map_or(&[][..], |span| span.attributes).iter().copied();
        let function = || KeyValue::new("code.function.name", self.function);
        let place = || {
            [
                KeyValue::new("code.file.path", self.file),
                KeyValue::new("code.line.number", i64::from(self.line)),
            ]
        };
        own.map(StaticAttribute::to_key_value)
            .chain((!self.function.is_empty()).then(function))
            .chain((!self.file.is_empty()).then(place).into_iter().flatten())
    }

    /// How many these are.
    #[inline]
    pub(crate) fn attribute_count(&self) -> usize {
        let of_code = usize::from(!self.function.is_empty()) + 2 * usize::from(!self.file.is_empty());
        self.span.map_or(0, |span| span.attributes.len()) + of_code
    }

    /// No fewer than these, which is known sooner.
    #[inline]
    pub(crate) fn attribute_bound(&self) -> usize {
        self.span.map_or(0, |span| span.attributes.len()) + 3
    }

    /// Whether its spans start traces.
    #[inline]
    pub(crate) fn is_root(&self) -> bool {
        self.is_root
    }

    /// The scope of its spans, unless it is cryostorm's.
    pub(crate) fn scope(&self) -> Option<&'static str> {
        self.span?.tracer
    }
}

/// The span of an annotated function.
#[derive(Debug)]
pub struct SpanSite {
    /// Its name; without one, the function's path.
    pub name: Option<&'static str>,
    /// Its kind.
    pub kind: SpanKind,
    /// Whether it starts a trace.
    pub root: bool,
    /// The instrumentation scope, unless it is cryostorm's.
    pub tracer: Option<&'static str>,
    /// Where an error is written.
    pub record_error: RecordError,
    /// Those of its attributes that are the same at each call.
    pub attributes: &'static [StaticAttribute],
    /// The keys of its other attributes.
    pub keys: &'static [&'static str],
}

/// The `record_error` option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordError {
    /// An event of the span.
    Event,
    /// A log record.
    Log,
    /// An event and a log record.
    Both,
    /// Neither.
    None,
}

impl RecordError {
    pub(super) const fn as_event(self) -> bool {
        matches!(self, Self::Event | Self::Both)
    }

    pub(super) const fn as_log(self) -> bool {
        matches!(self, Self::Log | Self::Both)
    }
}

/// What an instrument is called, measures in and says of itself.
#[derive(Clone, Copy, Debug)]
pub struct Metric {
    /// The name.
    pub name: &'static str,
    /// The unit, in UCUM.
    pub unit: &'static str,
    /// The description.
    pub description: &'static str,
}

/// The counter of an annotated function.
#[derive(Debug)]
pub struct CounterSite {
    /// The counter.
    pub metric: Metric,
    /// What the function says of itself.
    pub summary: &'static str,
    /// Which calls it counts.
    pub on: On,
    /// Those of its attributes that are the same at each call.
    pub attributes: &'static [StaticAttribute],
    /// The keys of its other attributes.
    pub keys: &'static [&'static str],
    /// The share of calls that are to succeed.
    pub objective: Option<f64>,
}

/// The `on` option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// Every call.
    Call,
    /// Those that did not fail and were not cancelled.
    Ok,
    /// Those that failed: an error or a panic.
    Err,
}

/// The histogram of an annotated function.
#[derive(Debug)]
pub struct HistogramSite {
    /// The histogram, in a unit of time.
    pub metric: Metric,
    /// What the function says of itself.
    pub summary: &'static str,
    /// The bounds of its buckets, unless they are those of the HTTP convention.
    pub buckets: Option<&'static [f64]>,
    /// The up-down counter of the calls under way.
    pub in_flight: Option<&'static str>,
    /// Those of its attributes that are the same at each call.
    pub attributes: &'static [StaticAttribute],
    /// The keys of its other attributes.
    pub keys: &'static [&'static str],
    /// What is to become of the share of calls that it names.
    pub objective: Option<LatencyObjective>,
}

/// That a share of the calls is to take no longer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LatencyObjective {
    /// How long, in the histogram's unit: the bound of one of its buckets.
    pub latency: f64,
    /// The share, above 0 and below 1.
    pub target: f64,
}

/// An attribute whose value is a literal.
#[derive(Clone, Copy, Debug)]
pub struct StaticAttribute {
    /// Its key.
    pub key: &'static str,
    /// Its value.
    pub value: StaticValue,
}

impl StaticAttribute {
    pub(super) fn to_key_value(self) -> KeyValue {
        KeyValue::new(self.key, self.value.to_value())
    }

    /// Hands it over, as a part of a [`Point`](super::cardinality::Point).
    pub(super) fn each(self, tell: &mut dyn FnMut(&Key, Part<'_>)) {
        tell(&Key::from_static_str(self.key), Part::Value(&self.value.to_value()));
    }
}

/// A literal that OpenTelemetry has the type of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum StaticValue {
    /// A text.
    Str(&'static str),
    /// A truth value.
    Bool(bool),
    /// A whole number.
    I64(i64),
    /// Another number.
    F64(f64),
}

impl StaticValue {
    pub(crate) fn to_value(self) -> Value {
        match self {
            Self::Str(text) => text.into(),
            Self::Bool(flag) => flag.into(),
            Self::I64(number) => number.into(),
            Self::F64(number) => number.into(),
        }
    }
}

impl SpanSite {
    /// Without options.
    pub const NEW: Self = Self {
        name: None,
        kind: SpanKind::Internal,
        root: false,
        tracer: None,
        record_error: RecordError::Event,
        attributes: &[],
        keys: &[],
    };
}

impl CounterSite {
    /// The counter that most annotated functions share.
    pub const CALLS: Self = Self {
        metric: Metric {
            name: "function.calls",
            unit: "{call}",
            description: "Calls of annotated functions.",
        },
        summary: "",
        on: On::Call,
        attributes: &[],
        keys: &[],
        objective: None,
    };
}

impl HistogramSite {
    /// The histogram that most annotated functions share.
    pub const DURATION: Self = Self {
        metric: Metric {
            name: "function.duration",
            unit: "s",
            description: "Durations of annotated functions.",
        },
        summary: "",
        buckets: None,
        in_flight: None,
        attributes: &[],
        keys: &[],
        objective: None,
    };
    /// The default name of the up-down counter.
    pub const IN_FLIGHT: &'static str = "function.in_flight";

    /// How many of its unit are in a second. The macro accepts units of time only; what is not measured by it is a number
    /// of bytes.
    pub(crate) fn per_second(&self) -> f64 {
        per_second(self.metric.unit).unwrap_or(PER_WHOLE)
    }
}
