//! Instruments that code makes while it runs, which work whenever a Telemetry is installed.

mod create;
mod deferred;
mod error;
mod observed;
mod registry;
mod wanted;

pub use error::InstrumentError;

pub(crate) use create::{create_counter, create_histogram};
pub(crate) use registry::{enter, leave};
pub(crate) use wanted::Wanted;
