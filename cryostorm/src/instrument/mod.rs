//! What annotated code runs, and the spans that code makes by hand.

mod attribute;
mod attributes;
mod call;
mod clock;
mod current;
mod failure;
mod future;
pub mod outcome;
mod signals;
mod site;
mod span;

pub use attribute::{AttributeValue, MetricAttribute};
pub use attributes::{Attributes, Debugged, Literal, Shown};
pub use call::Call;
pub use future::Instrumented;
pub use site::{CallSite, SpanSite};
pub use span::{Span, SpanBuilder, SpanGuard, current_span};

pub(crate) use current::{context, current, install, uninstall};
pub(crate) use signals::{Instruments, Logging, Signals};
