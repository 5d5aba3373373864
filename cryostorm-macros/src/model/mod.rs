//! What an annotated function asks for, once it is known to be sound.
#![allow(dead_code)] // Until the expansion reads all of it.

mod attribute;
mod counted;
mod function;
mod instrument;
mod item;
mod metric;
mod name;
mod observation;
mod output;
mod runtime;
mod timed;
mod traced;

pub(crate) use attribute::{Attribute, Rendering};
pub(crate) use counted::{Counted, On};
pub(crate) use function::Function;
pub(crate) use instrument::Instrument;
pub(crate) use item::{Item, Shape};
pub(crate) use metric::Metric;
pub(crate) use name::Name;
pub(crate) use observation::{Observation, Observer};
pub(crate) use output::{Deferred, Output};
pub(crate) use runtime::Runtime;
pub(crate) use timed::{InFlight, Timed};
pub(crate) use traced::{Parent, RecordError, Traced};

use proc_macro2::TokenStream;

/// Everything that one function is instrumented with: its whole stack of attributes.
#[derive(Default)]
pub(crate) struct Instrumentation {
    pub(crate) runtime: Runtime,
    pub(crate) traced: Option<Traced>,
    pub(crate) counted: Option<Counted>,
    pub(crate) timed: Option<Timed>,
    /// What the error of a failed call is called: text, or what makes text of a reference to the error.
    pub(crate) error_type: Option<TokenStream>,
    /// The paths of the attributes that were taken off the function before the compiler resolved them.
    pub(crate) absorbed: Vec<TokenStream>,
}
