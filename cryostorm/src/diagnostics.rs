//! cryostorm's own messages: to standard error, past the pipelines that they report on.

use std::fmt;
use std::io::{self, Write as _};

use crate::export::text::Text;
use crate::standard;

/// Prints one line. Never called from an instrumented call, because standard error may be a pipe that nobody reads.
pub(crate) fn report(message: fmt::Arguments<'_>) {
    let line = format!("cryostorm: {}\n", Text(&message.to_string()));
    // Where nobody listens to standard error either, there is nothing left to tell.
    let _ = match standard::error() {
        Some(mut error) => error.write_all(line.as_bytes()),
        None => io::stderr().write_all(line.as_bytes()),
    };
}
