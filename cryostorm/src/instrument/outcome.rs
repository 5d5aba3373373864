//! Finds out how a call went from the type of its output, whatever that type is called.
//!
//! An expansion calls a method of `Outcome::<Output>::NEW`. Each level below has methods of the same names, for outputs
//! that tell less than those of the level before, which dereferences to it. So the compiler takes the first level whose
//! bounds the output meets. None of this is left at run time.
//!
//! The names of the methods are ones that no trait of a user's has.

use std::any::type_name;
use std::error::Error;
use std::fmt::{Debug, Display};
use std::marker::PhantomData;
use std::ops::Deref;

use super::call::Call;
use super::classify::ClassifyError;
use super::failure::{Failure, Message};
use super::fallible::{Absent, Fallible};
use super::future::CallFuture;
use super::guard::Guard;

/// Tells the failure of an output.
pub(super) type Judge<T> = for<'a> fn(&'a T) -> Option<Failure<'a>>;

macro_rules! level {
    ($(#[$doc:meta])* $level:ident<$output:ident> $([$($bounds:tt)*])?, $judge:expr) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $level<$output>(PhantomData<fn() -> $output>);

        impl<$output> $level<$output> $(where $($bounds)*)? {
            /// Runs the body of a synchronous call.
            #[inline(always)]
            pub fn __cryostorm_call(&self, call: &mut impl Guard, body: impl FnOnce() -> $output) -> $output {
                let output = body();
                Self::settle(call, &output);
                output
            }

            /// Not part of each function, which would grow by it.
            #[inline(never)]
            fn settle(call: &mut impl Guard, output: &$output) {
                call.judge(output, $judge);
            }

            /// The body of an asynchronous call as a future.
            #[inline(always)]
            pub fn __cryostorm_run<F: Future<Output = $output>>(&self, call: Call, body: F) -> CallFuture<F> {
                CallFuture::new(call, body, $judge)
            }

            /// The failure, if the output is one.
            pub fn __cryostorm_failure<'a>(&self, output: &'a $output) -> Option<Failure<'a>> {
                let judge: Judge<$output> = $judge;
                judge(output)
            }
        }
    };
}

macro_rules! next {
    ($level:ident => $next:ident) => {
        impl<T> Deref for $level<T> {
            type Target = $next<T>;

            #[inline(always)]
            fn deref(&self) -> &$next<T> {
                &$next(PhantomData)
            }
        }
    };
}

level! {
    /// An output with an error that classifies itself.
    Outcome<T> [T: Fallible<Error: ClassifyError>],
    |output| output.error().map(Failure::classified)
}
level! {
    /// One with an error that implements `Error`.
    ByError<T> [T: Fallible<Error: Error>],
    |output| output.error().map(|error| {
        Failure::error(type_name::<T::Error>(), Message::Display(error), Failure::cause(error))
    })
}
level! {
    /// One with an error that stands for an `Error`, such as `Box<dyn Error>`.
    ByPointer<T> [T: Fallible<Error: Display + Deref<Target: Error>>],
    |output| output.error().map(|error| {
        Failure::error(type_name::<T::Error>(), Message::Display(error), Failure::cause(&**error))
    })
}
level! {
    /// One with an error that has `Display`.
    ByDisplay<T> [T: Fallible<Error: Display>],
    |output| output.error().map(|error| {
        Failure::error(type_name::<T::Error>(), Message::Display(error), None)
    })
}
level! {
    /// One with an error that has `Debug`.
    ByDebug<T> [T: Fallible<Error: Debug>],
    |output| output.error().map(|error| {
        Failure::error(type_name::<T::Error>(), Message::Debug(error), None)
    })
}
level! {
    /// One with any error.
    ByType<T> [T: Fallible],
    |output| output.error().map(|_| Failure::error(type_name::<T::Error>(), Message::None, None))
}
level! {
    /// One without an error that can come out without what was wanted.
    Absence<T> [T: Absent], |_| None
}
level! {
    /// Any other output, which is never a failure.
    Never<T>, |_| None
}

next!(Outcome => ByError);
next!(ByError => ByPointer);
next!(ByPointer => ByDisplay);
next!(ByDisplay => ByDebug);
next!(ByDebug => ByType);
next!(ByType => Absence);
next!(Absence => Never);

impl<T> Outcome<T> {
    /// Where the search begins.
    pub const NEW: Self = Self(PhantomData);

    /// Where it begins for the type of `output`, which need not be written then.
    #[inline(always)]
    pub fn of(_output: &T) -> Self {
        Self::NEW
    }
}

impl<T: Fallible> ByType<T> {
    /// What `ok(..)` observes.
    pub fn __cryostorm_ok<'a>(&self, output: &'a T) -> Option<&'a T::Ok> {
        output.ok()
    }

    /// What `ok(..)` observes beside an `error_type`.
    pub fn __cryostorm_present<'a>(&self, output: &'a T) -> Option<&'a T::Ok> {
        output.ok()
    }

    /// What is no error but a failure to `error_type`.
    pub fn __cryostorm_absence(&self, _: &T) -> Option<Failure<'static>> {
        None
    }

    /// What `err(..)` observes.
    pub fn __cryostorm_err<'a>(&self, output: &'a T) -> Option<&'a T::Error> {
        output.error()
    }
}

impl<T: Absent> Absence<T> {
    /// What `ok(..)` observes beside an `error_type`.
    pub fn __cryostorm_present<'a>(&self, output: &'a T) -> Option<&'a T::Present> {
        output.present()
    }

    /// What is a failure to `error_type`: that what was wanted is not there.
    pub fn __cryostorm_absence(&self, output: &T) -> Option<Failure<'static>> {
        match output.present() {
            Some(_) => None,
            None => Some(Failure::error(type_name::<T>(), Message::None, None)),
        }
    }
}

impl<T> Never<T> {
    /// What `ok(..)` observes beside an `error_type`: all of it.
    pub fn __cryostorm_present<'a>(&self, output: &'a T) -> Option<&'a T> {
        Some(output)
    }

    /// What is a failure to `error_type`: nothing.
    pub fn __cryostorm_absence(&self, _: &T) -> Option<Failure<'static>> {
        None
    }

    /// What `ok(..)` observes: all of it.
    pub fn __cryostorm_ok<'a>(&self, output: &'a T) -> Option<&'a T> {
        Some(output)
    }

    /// What `err(..)` observes, which is not there. Of an error of no type the compiler complains but once.
    pub fn __cryostorm_err<E>(&self, _: &T) -> Option<&E>
    where
        T: MayFail<E>,
    {
        None
    }
}

/// Implemented for nothing, to say what `err(..)` and the like stand on.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no error to observe",
    label = "this is for functions that return a `Result`",
    note = "remove `err(..)`, or the function in `error_type`"
)]
pub trait MayFail<E> {}
