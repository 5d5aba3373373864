//! The tokens that stand in place of an annotated item.
//!
//! Names that the expansion introduces have `Span::mixed_site()`, so that user code neither sees nor shadows them.

mod attributes;
mod function;
mod item;
mod metric;
mod off;
mod outcome;
mod quoting;
mod site;
mod traced;
mod unchanged;

pub(crate) use item::{Mode, item};
