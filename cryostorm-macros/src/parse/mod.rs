//! The grammar of the attributes and of what they are put on.

mod annotated;
mod attributes;
mod block;
mod buckets;
mod check;
mod choice;
mod counted;
mod entries;
mod error_type;
mod format;
mod function;
mod item;
mod key;
mod literal;
mod member;
mod metric;
mod mistakes;
mod name;
mod number;
mod objective;
mod observations;
mod operands;
mod options;
mod owner;
mod pairs;
mod path;
mod runtime;
mod skip;
mod spec;
mod stack;
mod suggestion;
mod timed;
mod traced;
mod ucum;
mod unit;

pub(crate) use item::item;
