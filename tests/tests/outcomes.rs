//! What counts as a failure, and what it says of itself, for every kind of output and of error.

#[path = "outcomes/causes.rs"]
mod causes;
#[path = "outcomes/classified.rs"]
mod classified;
#[path = "outcomes/nested.rs"]
mod nested;
