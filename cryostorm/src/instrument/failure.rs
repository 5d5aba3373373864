//! How a call failed, and how a span says so.

use std::error::Error;
use std::fmt::{self, Debug, Display, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

use opentelemetry::trace::{SpanRef, Status};
use opentelemetry::{KeyValue, Value};

use crate::export::text;

/// A failure of a call: what kind, in which words, from what.
#[derive(Clone, Copy)]
pub struct Failure<'a> {
    /// `error.type`: a name from a small set.
    pub(crate) error_type: &'static str,
    /// What the error says of itself.
    pub(crate) message: Message<'a>,
    /// What caused it.
    pub(crate) source: Option<&'a (dyn Error + 'static)>,
    /// Whether the span's status becomes Error.
    pub(crate) is_error: bool,
}

/// An error's words, by the best means that its type has.
#[derive(Clone, Copy)]
pub(crate) enum Message<'a> {
    Display(&'a dyn Display),
    Debug(&'a dyn Debug),
    None,
}

impl Display for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Display(error) => error.fmt(f),
            Self::Debug(error) => error.fmt(f),
            Self::None => Ok(()),
        }
    }
}

impl Debug for Failure<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Failure").field("error_type", &self.error_type).finish_non_exhaustive()
    }
}

impl<'a> Failure<'a> {
    /// The call unwound.
    pub(crate) const PANIC: Self =
        Self { error_type: "panic", message: Message::Display(&"panicked"), source: None, is_error: true };

    /// The future was dropped before it was done: nobody's fault, so the span's status stays unset.
    pub(crate) const CANCELLED: Self =
        Self { error_type: "cancelled", message: Message::None, source: None, is_error: false };

    pub(crate) fn error(
        error_type: &'static str,
        message: Message<'a>,
        source: Option<&'a (dyn Error + 'static)>,
    ) -> Self {
        Self { error_type, message, source, is_error: true }
    }

    /// What caused an error. Its `source` is a user's code, and what it does must not become the call's outcome.
    pub(crate) fn cause<'e>(error: &'e (impl Error + ?Sized)) -> Option<&'e (dyn Error + 'static)> {
        catch_unwind(AssertUnwindSafe(|| error.source())).unwrap_or_default()
    }

    /// The attribute that metrics and the span share.
    pub(crate) fn attribute(&self) -> KeyValue {
        KeyValue::new("error.type", self.error_type)
    }

    /// Puts it on a span: `error.type`, the status, and an
    /// [exception event](https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-spans/).
    pub(crate) fn record(&self, span: &SpanRef<'_>) {
        if !span.is_recording() {
            return;
        }
        span.set_attribute(self.attribute());
        if !self.is_error {
            return;
        }
        let message = text::of(&self.message);
        let mut event = vec![
            KeyValue::new("exception.type", self.error_type),
            KeyValue::new("exception.message", message.clone()),
        ];
        event.extend(self.causes().map(|causes| KeyValue::new("exception.stacktrace", causes)));
        span.add_event("exception", event);
        span.set_status(Status::error(message));
    }

    /// The chain of sources, the nearest first. Bounded, because a chain may be a circle.
    fn causes(&self) -> Option<Value> {
        let mut causes = String::new();
        let chain = std::iter::successors(self.source, |&error| Self::cause(error));
        for error in chain.take(32) {
            // Writing to a string cannot fail.
            let _ = writeln!(causes, "caused by: {}", text::of(&error));
        }
        (!causes.is_empty()).then(|| causes.into())
    }
}
