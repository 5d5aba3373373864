//! Shared parts of the test suites.

pub mod collector;
pub mod installation;
pub mod program;
pub mod received;
pub mod trace;
