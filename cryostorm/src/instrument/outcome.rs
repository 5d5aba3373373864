//! Finds out whether a call's output is a failure, whatever its type is called.
//!
//! The name of the method is one that no trait of a user's has. An expansion calls `(&&&&&Outcome(&output)).__cryostorm_failure()`. The compiler takes the implementation that needs the fewest
//! references taken off, so the most telling one that the output's type allows: an `Err` whose error implements
//! `Error`, then one with `Display`, then `Debug`, then any `Err`, then any other type, which is never a failure.

use std::any::type_name;
use std::error::Error;
use std::fmt::{Debug, Display};

use super::failure::{Failure, Message};

/// An output to be judged.
#[derive(Debug)]
pub struct Outcome<'a, T>(pub &'a T);

/// An `Err` that implements `Error`.
pub trait ByError<'a> {
    /// The failure, if it is one.
    fn __cryostorm_failure(&self) -> Option<Failure<'a>>;
}

impl<'a, T, E: Error> ByError<'a> for &&&&Outcome<'a, Result<T, E>> {
    fn __cryostorm_failure(&self) -> Option<Failure<'a>> {
        let error = self.0.as_ref().err()?;
        Some(Failure::error(type_name::<E>(), Message::Display(error), Failure::cause(error)))
    }
}

/// An `Err` with `Display`.
pub trait ByDisplay<'a> {
    /// The failure, if it is one.
    fn __cryostorm_failure(&self) -> Option<Failure<'a>>;
}

impl<'a, T, E: Display> ByDisplay<'a> for &&&Outcome<'a, Result<T, E>> {
    fn __cryostorm_failure(&self) -> Option<Failure<'a>> {
        let error = self.0.as_ref().err()?;
        Some(Failure::error(type_name::<E>(), Message::Display(error), None))
    }
}

/// An `Err` with `Debug`.
pub trait ByDebug<'a> {
    /// The failure, if it is one.
    fn __cryostorm_failure(&self) -> Option<Failure<'a>>;
}

impl<'a, T, E: Debug> ByDebug<'a> for &&Outcome<'a, Result<T, E>> {
    fn __cryostorm_failure(&self) -> Option<Failure<'a>> {
        let error = self.0.as_ref().err()?;
        Some(Failure::error(type_name::<E>(), Message::Debug(error), None))
    }
}

/// Any `Err`.
pub trait ByType<'a> {
    /// The failure, if it is one.
    fn __cryostorm_failure(&self) -> Option<Failure<'a>>;
}

impl<'a, T, E> ByType<'a> for &Outcome<'a, Result<T, E>> {
    fn __cryostorm_failure(&self) -> Option<Failure<'a>> {
        self.0.as_ref().err().map(|_| Failure::error(type_name::<E>(), Message::None, None))
    }
}

/// Any other output.
pub trait ByNothing<'a> {
    /// Never a failure.
    fn __cryostorm_failure(&self) -> Option<Failure<'a>>;
}

impl<'a, T> ByNothing<'a> for Outcome<'a, T> {
    fn __cryostorm_failure(&self) -> Option<Failure<'a>> {
        None
    }
}
