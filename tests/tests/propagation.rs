//! How context travels between programs.

#[path = "propagation/carriers.rs"]
mod carriers;
