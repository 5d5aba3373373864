//! What the attributes add to a function, and what they leave as it was.

#[path = "weight/drops.rs"]
mod drops;
#[path = "weight/futures.rs"]
mod futures;
#[path = "weight/recursion.rs"]
mod recursion;
