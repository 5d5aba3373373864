//! Context across tasks, threads, pools, channels and streams: whose child every span is.

#[path = "tasks/channels.rs"]
mod channels;
#[path = "tasks/closures.rs"]
mod closures;
#[path = "tasks/endings.rs"]
mod endings;
#[path = "tasks/family.rs"]
mod family;
#[path = "tasks/on_smol.rs"]
mod on_smol;
#[path = "tasks/on_threads.rs"]
mod on_threads;
#[path = "tasks/on_tokio.rs"]
mod on_tokio;
#[path = "tasks/sets.rs"]
mod sets;
#[path = "tasks/spawning.rs"]
mod spawning;
#[path = "tasks/streams.rs"]
mod streams;
