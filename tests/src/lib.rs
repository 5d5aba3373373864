//! Shared parts of the test suites.

pub mod collector;
pub mod exposition;
pub mod installation;
pub mod paths;
pub mod program;
pub mod prometheus;
pub mod promtool;
pub mod received;
pub mod skip;
pub mod told;
pub mod trace;
