//! The tokens that stand in place of an annotated function.
//!
//! Names that the expansion introduces have `Span::mixed_site()`, so that user code neither sees nor shadows them.

mod attributes;
mod counted;
mod function;
mod site;
mod timed;
mod traced;
mod unchanged;

pub(crate) use function::function;
pub(crate) use unchanged::unchanged;
