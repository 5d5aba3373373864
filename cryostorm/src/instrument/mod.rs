//! What annotated code runs, and the spans that code makes by hand.

mod active_call;
mod amount;
mod attribute;
mod attributes;
mod call;
mod cardinality;
mod classify;
mod clock;
mod declared;
mod described;
mod failure;
mod fallible;
mod future;
mod guard;
mod in_force;
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
#[cfg_attr(not(all(debug_assertions, tokio_unstable)), allow(dead_code, reason = "tokio tells of no tasks"))]
mod spawner;
mod start;
mod stream;
mod tracers;
mod unix_time;

pub use active_call::{ActiveCall, Frame};
pub use attribute::{AttributeValue, MetricAttribute};
pub use attributes::{Attributes, Debugged, Literal, Shown};
pub use call::Call;
pub use classify::ClassifyError;
pub use declared::{
    AttributeSet, Bounded, Declaration, DeclaredAttribute, DeclaredMetric, DeclaredValues, Index, MetricEnum,
    MetricSource, Number, Observation, Texts,
};
pub use future::CallFuture;
pub use guard::Guard;
pub use instrumented::Instrumented;
pub use link::IntoLink;
pub use measured::MeasuredCall;
pub use outcome::Outcome;
pub use site::{
    CallSite, CounterSite, HistogramSite, LatencyObjective, Metric, On, RecordError, SpanSite,
    StaticAttribute, StaticValue,
};
pub use span::{Span, SpanBuilder, SpanGuard, current_span};
pub use stream::CallStream;

pub(crate) use cardinality::{Admission, overflow};
pub(crate) use clock::{Ticks, WallClock, calibrate, wall_time};
pub(crate) use declared::{
    F64Counter, F64Gauge, F64Histogram, F64UpDownCounter, I64Gauge, I64UpDownCounter, Series, U64Counter,
    U64Gauge, U64Histogram, observe, record,
};
#[cfg(any(feature = "tower", feature = "tracing"))]
pub(crate) use failure::Failure;
#[cfg(feature = "tower")]
pub(crate) use failure::Message;
#[cfg(any(feature = "log", feature = "tracing"))]
pub(crate) use in_force::installed;
pub(crate) use in_force::{id_in_force, install, is_in_force, new_id, uninstall};
pub(crate) use instruments::{
    DURATION_BOUNDS, Instruments, bounds, default_bounds, in_flight_metric, is_same, per_second,
};
pub(crate) use link::AsContext;
pub(crate) use linked::{call_sites, declared_metrics};
#[cfg(feature = "tower")]
pub(crate) use local::Local;
pub(crate) use local::{attach, carried, context, current, hand_over, may_measure, may_observe};
#[cfg(feature = "tower")]
pub(crate) use measured::{measure_request, step_request};
#[cfg(feature = "tracing")]
pub(crate) use registry::Registry;
pub(crate) use signals::{Logging, Signals};
#[cfg(feature = "tower")]
pub(crate) use span::EndOnDrop;
#[cfg(all(debug_assertions, tokio_unstable))]
pub(crate) use spawner::task_spawned;
pub(crate) use tracers::{Begun, SdkTracers, Tracers};
pub(crate) use unix_time::UnixTime;
