//! Our own path says of a program what the SDK's says.

#[path = "paths/functions.rs"]
mod functions;
#[path = "paths/nesting.rs"]
mod nesting;
#[path = "paths/panics.rs"]
mod panics;
#[path = "paths/programs.rs"]
mod programs;
#[path = "paths/propagated.rs"]
mod propagated;
#[path = "paths/samplers.rs"]
mod samplers;
#[path = "paths/trees.rs"]
mod trees;
