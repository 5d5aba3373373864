//! Metrics that are scraped: what is said, how it is served, and what a real Prometheus makes of it.

#[path = "prometheus/backend.rs"]
mod backend;
#[path = "prometheus/grammar.rs"]
mod grammar;
#[path = "prometheus/names.rs"]
mod names;
#[path = "prometheus/server.rs"]
mod server;
