//! cryostorm's own messages: to standard error, past the pipelines that they report on.

use std::fmt;
use std::io::{self, Write as _};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

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

/// Prints one line from a thread of its own, which also makes it: for what must be said from within a call, or while the SDK
/// collects, once and not time after time.
pub(crate) fn report_aside(message: impl FnOnce() -> String + Send + 'static) {
    let saying = Saying::start();
    let say = move || {
        report(format_args!("{}", message()));
        drop(saying);
    };
    // Where there is no thread to be had, the program has other worries.
    let _ = thread::Builder::new().name("cryostorm-report".to_owned()).spawn(say);
}

/// Waits until all is said that was to be said aside, or for so long: the process may end after that.
pub(crate) fn settle(limit: Duration) {
    let count = COUNT.lock().unwrap_or_else(PoisonError::into_inner);
    let _ = SAID.wait_timeout_while(count, limit, |count| *count > 0);
}

/// How many lines are being said aside.
static COUNT: Mutex<usize> = Mutex::new(0);
static SAID: Condvar = Condvar::new();

/// One of them, until it is dropped.
struct Saying;

impl Saying {
    fn start() -> Self {
        *COUNT.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        Self
    }
}

impl Drop for Saying {
    fn drop(&mut self) {
        *COUNT.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        SAID.notify_all();
    }
}
