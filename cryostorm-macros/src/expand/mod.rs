//! The tokens that stand in place of an annotated item.
//!
//! Names that the expansion introduces have `Span::mixed_site()`, so that user code neither sees nor shadows them.

mod attributes;
mod declarations;
mod function;
mod item;
mod metric;
mod metric_enum;
mod off;
mod outcome;
mod quoting;
mod section;
mod site;
mod traced;
mod unchanged;

pub(crate) use declarations::declarations;
pub(crate) use item::{Mode, item};
pub(crate) use metric_enum::metric_enum;
