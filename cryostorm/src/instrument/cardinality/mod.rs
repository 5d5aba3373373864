//! How many series a metric has, whatever its attributes are: the same for annotated functions, declared metrics and
//! instruments that are made at run time.
//!
//! Under each installation a metric has one *admission*, found by its name, which lets the first attribute sets in. It is
//! asked before the SDK is told of a set; what it refuses goes to the series whose only attribute is
//! `otel.metric.overflow`. A *point* is an attribute set wherever it stands: an index, a call, a slice.

mod admission;
mod point;
mod text;

pub(crate) use admission::{Admission, MOST_SERIES, overflow};
pub(crate) use point::{Part, Point};
pub(crate) use text::{bound, cut};
