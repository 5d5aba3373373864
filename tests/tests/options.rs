//! What each option of the attributes changes, and what it leaves alone.

#[path = "options/conditions.rs"]
mod conditions;
#[path = "options/counters.rs"]
mod counters;
#[path = "options/error_types.rs"]
mod error_types;
#[path = "options/histograms.rs"]
mod histograms;
#[path = "options/literals.rs"]
mod literals;
#[path = "options/logs.rs"]
mod logs;
#[path = "options/observations.rs"]
mod observations;
#[path = "options/spans.rs"]
mod spans;
