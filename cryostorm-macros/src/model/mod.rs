//! What an annotated item asks for, once it is known to be sound.

mod attribute;
mod block;
mod body;
mod counted;
mod declared;
mod deferred;
mod function;
mod instrument;
mod item;
mod metric;
mod metric_enum;
mod name;
mod observation;
mod output;
mod runtime;
mod timed;
mod traced;

pub(crate) use attribute::{Attribute, Rendering};
pub(crate) use block::Block;
pub(crate) use body::AsyncBlock;
pub(crate) use counted::{Counted, On};
pub(crate) use declared::{Argument, Declarations, Declared, DeclaredMetric, MetricType, Values};
pub(crate) use deferred::{Deferred, Work};
pub(crate) use function::{Function, summary};
pub(crate) use instrument::Instrument;
pub(crate) use item::{Item, Shape};
pub(crate) use metric::Metric;
pub(crate) use metric_enum::MetricEnum;
pub(crate) use name::Name;
pub(crate) use observation::{ErrorType, Observation, Observer};
pub(crate) use output::Output;
pub(crate) use runtime::Runtime;
pub(crate) use timed::{InFlight, Latency, Timed};
pub(crate) use traced::{Parent, RecordError, Traced};

use std::rc::Rc;

/// Everything that one function is instrumented with: its whole stack of attributes.
///
/// The methods of a block share what the block asks for.
#[derive(Clone, Default)]
pub(crate) struct Instrumentation {
    pub(crate) runtime: Runtime,
    pub(crate) traced: Option<Rc<Traced>>,
    pub(crate) counted: Option<Rc<Counted>>,
    pub(crate) timed: Option<Rc<Timed>>,
    /// What the error of a failed call is called.
    pub(crate) error_type: Option<Rc<ErrorType>>,
    /// The paths of the attributes that were taken off the item before the compiler resolved them.
    pub(crate) absorbed: Vec<proc_macro2::TokenStream>,
}

impl Instrumentation {
    pub(crate) fn is_empty(&self) -> bool {
        self.traced.is_none() && self.counted.is_none() && self.timed.is_none()
    }

    /// What `ok(..)` and `err(..)` list.
    pub(crate) fn observations(&self) -> impl Iterator<Item = &Observation> {
        self.traced.iter().flat_map(|traced| traced.ok.iter().chain(&traced.err))
    }

    /// Whether the expansion has to look at the output itself.
    pub(crate) fn is_observed(&self) -> bool {
        self.error_type.is_some() || self.observations().next().is_some()
    }

    /// Whether nothing needs to be known of a call before it ends, but when it began.
    pub(crate) fn is_only_measured_at_its_end(&self) -> bool {
        self.traced.is_none() && self.timed.as_ref().is_none_or(|timed| timed.in_flight.is_none())
    }

    /// What is left of it on a method that is exempt.
    pub(crate) fn of_exempt(&self) -> Self {
        Self { runtime: self.runtime.clone(), ..Self::default() }
    }
}
