//! Standard output and error past the locks of the standard library: a program that holds one while it shuts telemetry
//! down would otherwise wait for itself.

use std::fs::File;
use std::io;

/// Standard output, where it can be had.
pub(crate) fn output() -> Option<File> {
    own(&io::stdout())
}

/// Standard error, where it can be had.
pub(crate) fn error() -> Option<File> {
    own(&io::stderr())
}

#[cfg(unix)]
fn own(stream: &impl std::os::fd::AsFd) -> Option<File> {
    stream.as_fd().try_clone_to_owned().ok().map(File::from)
}

#[cfg(windows)]
fn own(stream: &impl std::os::windows::io::AsHandle) -> Option<File> {
    stream.as_handle().try_clone_to_owned().ok().map(File::from)
}

#[cfg(not(any(unix, windows)))]
fn own<T>(_stream: &T) -> Option<File> {
    None
}
