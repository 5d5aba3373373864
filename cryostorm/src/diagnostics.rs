//! cryostorm's own messages: to standard error, past the pipelines that they report on.

use std::fmt;
use std::io::{self, Write as _};
use std::thread;

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

/// Prints one line from a thread of its own: for what must be said from within a call, once and not time after time.
pub(crate) fn report_aside(message: String) {
    let say = move || report(format_args!("{message}"));
    // Where there is no thread to be had, the program has other worries.
    let _ = thread::Builder::new().name("cryostorm-report".to_owned()).spawn(say);
}
