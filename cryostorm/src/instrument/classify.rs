//! What an error type says of its errors.

use std::any::type_name;
use std::error::Error;
use std::sync::Arc;

use crate::settings::Level;

/// Lets an error type say what its errors are called, how severe they are, and which of them are no failures.
///
/// It holds for the span, the metrics and the log records of every annotated function that returns such an error,
/// without a word at the function.
///
/// ```
/// use cryostorm::{ClassifyError, Level, traced};
///
/// #[derive(Debug)]
/// enum ChargeError {
///     Declined,
///     Gateway,
/// }
///
/// impl ClassifyError for ChargeError {
///     fn error_type(&self) -> &'static str {
///         match self {
///             Self::Declined => "declined",
///             Self::Gateway => "gateway",
///         }
///     }
///
///     // A customer without money is no fault of the service.
///     fn is_expected(&self) -> bool {
///         matches!(self, Self::Declined)
///     }
/// }
/// # impl std::fmt::Display for ChargeError {
/// #     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
/// #         f.write_str(self.error_type())
/// #     }
/// # }
/// # impl std::error::Error for ChargeError {}
///
/// #[traced]
/// fn charge(cents: u64) -> Result<(), ChargeError> {
///     if cents > 100 { Err(ChargeError::Declined) } else { Ok(()) }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not classify its errors",
    note = "implement `cryostorm::ClassifyError` for it"
)]
pub trait ClassifyError: Error {
    /// The value of
    /// [`error.type`](https://opentelemetry.io/docs/specs/semconv/registry/attributes/error/#error-type): one of a few
    /// names. Default: the path of the type.
    fn error_type(&self) -> &'static str {
        type_name::<Self>()
    }

    /// The severity of the log record, where one is asked for by `record_error`. Default: error.
    fn severity(&self) -> Level {
        Level::Error
    }

    /// Whether the caller is to expect it: such a call counts as a good one, without `error.type`, event or status, and
    /// only a `record_error` of `log` or `both` writes it down, at its severity. Default: no.
    fn is_expected(&self) -> bool {
        false
    }
}

macro_rules! pointers {
    ($($type:ty)*) => {$(
        impl<E: ClassifyError> ClassifyError for $type {
            fn error_type(&self) -> &'static str {
                (**self).error_type()
            }

            fn severity(&self) -> Level {
                (**self).severity()
            }

            fn is_expected(&self) -> bool {
                (**self).is_expected()
            }
        }
    )*};
}
pointers!(&E Box<E> Arc<E>);
