//! The grammar of the attributes and of what they are put on.

mod attributes;
mod counted;
mod entries;
mod item;
mod key;
mod name;
mod operands;
mod options;
mod runtime;
mod stack;
mod suggestion;
mod timed;
mod traced;

pub(crate) use stack::{instrumentation, stacked};
