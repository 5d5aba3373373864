//! How context travels between programs.

#[path = "propagation/attributes.rs"]
mod attributes;
#[path = "propagation/baggage.rs"]
mod baggage;
#[path = "propagation/carriers.rs"]
mod carriers;
#[path = "propagation/formats.rs"]
mod formats;
#[path = "propagation/hostile.rs"]
mod hostile;
#[path = "propagation/trace_context.rs"]
mod trace_context;
#[path = "propagation/trust.rs"]
mod trust;
