//! What annotated code runs, and the spans that code makes by hand.

mod amount;
mod attribute;
mod attributes;
mod call;
mod classify;
mod clock;
mod current;
mod failure;
mod fallible;
mod future;
mod instrumented;
mod instruments;
mod link;
mod outcome;
mod registry;
mod running;
mod signals;
mod site;
mod span;
mod stream;

pub use attribute::{AttributeValue, MetricAttribute};
pub use attributes::{Attributes, Debugged, Literal, Shown};
pub use call::Call;
pub use classify::ClassifyError;
pub use future::CallFuture;
pub use instrumented::Instrumented;
pub use link::IntoLink;
pub use outcome::Outcome;
pub use site::{
    CallSite, CounterSite, HistogramSite, Metric, On, RecordError, SpanSite, StaticAttribute, StaticValue,
};
pub use span::{Span, SpanBuilder, SpanGuard, current_span};
pub use stream::CallStream;

pub(crate) use current::{context, current, install, uninstall};
pub(crate) use instruments::Instruments;
pub(crate) use signals::{Logging, Signals, Tracers};
