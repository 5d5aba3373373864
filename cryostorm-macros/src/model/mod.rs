//! What an annotated function asks for, once it is known to be sound.

mod attribute;
mod counted;
mod function;
mod instrument;
mod item;
mod output;
mod runtime;
mod timed;
mod traced;

pub(crate) use attribute::{Attribute, Rendering};
pub(crate) use counted::Counted;
pub(crate) use function::Function;
pub(crate) use instrument::Instrument;
pub(crate) use item::{Item, Shape};
pub(crate) use output::{Deferred, Output};
pub(crate) use runtime::Runtime;
pub(crate) use timed::Timed;
pub(crate) use traced::Traced;

/// Everything that one function is instrumented with: its whole stack of attributes.
#[derive(Default)]
pub(crate) struct Instrumentation {
    pub(crate) runtime: Runtime,
    pub(crate) traced: Option<Traced>,
    pub(crate) counted: Option<Counted>,
    pub(crate) timed: Option<Timed>,
    /// The paths of the attributes that were taken off the function before the compiler resolved them.
    pub(crate) absorbed: Vec<proc_macro2::TokenStream>,
}
