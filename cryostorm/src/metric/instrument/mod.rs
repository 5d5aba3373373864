//! Instruments that code makes while it runs, which work whenever a Telemetry is installed.

mod create;
mod deferred;
mod error;
mod registry;

pub use error::InstrumentError;

pub(crate) use registry::{enter, leave};
