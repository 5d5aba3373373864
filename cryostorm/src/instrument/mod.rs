//! What annotated code runs, and the spans that code makes by hand.

mod amount;
mod attribute;
mod attributes;
mod call;
mod classify;
mod clock;
mod declared;
mod failure;
mod fallible;
mod future;
mod instrumented;
mod instruments;
mod link;
mod linked;
mod local;
mod measured;
mod metrics;
mod outcome;
mod pool;
mod registry;
mod running;
mod signals;
mod site;
mod span;
mod stream;
mod tracers;

pub use attribute::{AttributeValue, MetricAttribute};
pub use attributes::{Attributes, Debugged, Literal, Shown};
pub use call::Call;
pub use classify::ClassifyError;
pub use declared::{
    AttributeSet, Bounded, Declaration, DeclaredAttribute, DeclaredMetric, DeclaredValues, Index, MetricEnum,
    MetricSource, Number, Observation, Texts,
};
pub use future::CallFuture;
pub use instrumented::Instrumented;
pub use link::IntoLink;
pub use outcome::Outcome;
pub use site::{
    CallSite, CounterSite, HistogramSite, LatencyObjective, Metric, On, RecordError, SpanSite,
    StaticAttribute, StaticValue,
};
pub use span::{Span, SpanBuilder, SpanGuard, current_span};
pub use stream::CallStream;

#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
pub(crate) use clock::unix_nanos;
pub(crate) use clock::{Ticks, calibrate};
pub(crate) use declared::{
    F64Counter, F64Gauge, F64Histogram, F64UpDownCounter, I64Gauge, I64UpDownCounter, Series, U64Counter,
    U64Gauge, U64Histogram, observe, record,
};
pub(crate) use instruments::{DURATION_BOUNDS, Instruments, bounds, in_flight_metric, is_same, per_second};
pub(crate) use linked::{call_sites, declared_metrics};
pub(crate) use local::{
    context, current, deliver, id_in_force, install, is_in_force, may_observe, next_id, uninstall, wall_time,
};
pub(crate) use signals::{Logging, Signals};
pub(crate) use tracers::{Begun, SdkTracers, Tracers};
