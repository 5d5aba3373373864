//! The grammar of the attributes and of what they are put on.

mod attributes;
mod buckets;
mod choice;
mod counted;
mod entries;
mod error_type;
mod format;
mod item;
mod key;
mod literal;
mod metric;
mod mistakes;
mod name;
mod number;
mod observations;
mod operands;
mod options;
mod pairs;
mod path;
mod runtime;
mod spec;
mod stack;
mod suggestion;
mod timed;
mod traced;
mod ucum;
mod unit;

pub(crate) use stack::{instrumentation, stacked};
