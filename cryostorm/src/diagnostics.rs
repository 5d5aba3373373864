//! cryostorm's own messages: to standard error, past the pipelines that they report on.

use std::fmt;
use std::io::{self, Write as _};

/// Prints one line. Called from the export runtime only, never from an instrumented call, because standard error may
/// be a pipe that nobody reads.
pub(crate) fn report(message: fmt::Arguments<'_>) {
    // Where nobody listens to standard error either, there is nothing left to tell.
    let _ = writeln!(io::stderr(), "cryostorm: {message}");
}
