//! Outputs that may hold an error, and outputs that may hold nothing.

use std::ops::ControlFlow;
use std::task::Poll;

/// What may hold an error.
pub trait Fallible {
    /// What it holds otherwise.
    type Ok;
    /// The error.
    type Error;

    /// What it holds otherwise, if it is there.
    fn ok(&self) -> Option<&Self::Ok>;
    /// The error, if it is there.
    fn error(&self) -> Option<&Self::Error>;
}

impl<T, E> Fallible for Result<T, E> {
    type Ok = T;
    type Error = E;

    fn ok(&self) -> Option<&T> {
        self.as_ref().ok()
    }

    fn error(&self) -> Option<&E> {
        self.as_ref().err()
    }
}

/// What `Iterator::next` returns.
impl<T, E> Fallible for Option<Result<T, E>> {
    type Ok = T;
    type Error = E;

    fn ok(&self) -> Option<&T> {
        self.as_ref()?.as_ref().ok()
    }

    fn error(&self) -> Option<&E> {
        self.as_ref()?.as_ref().err()
    }
}

/// What `Future::poll` returns, and with an `Option` in it `Stream::poll_next`.
impl<F: Fallible> Fallible for Poll<F> {
    type Ok = F::Ok;
    type Error = F::Error;

    fn ok(&self) -> Option<&F::Ok> {
        match self {
            Self::Ready(output) => output.ok(),
            Self::Pending => None,
        }
    }

    fn error(&self) -> Option<&F::Error> {
        match self {
            Self::Ready(output) => output.error(),
            Self::Pending => None,
        }
    }
}

/// What can come out without what was wanted, which is a failure where `error_type` calls it one.
pub trait Absent {
    /// What was wanted.
    type Present;

    /// What was wanted, if it is there.
    fn present(&self) -> Option<&Self::Present>;
}

impl<T> Absent for Option<T> {
    type Present = T;

    fn present(&self) -> Option<&T> {
        self.as_ref()
    }
}

impl<B, C> Absent for ControlFlow<B, C> {
    type Present = C;

    fn present(&self) -> Option<&C> {
        match self {
            Self::Continue(value) => Some(value),
            Self::Break(_) => None,
        }
    }
}
