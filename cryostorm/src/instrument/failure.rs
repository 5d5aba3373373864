//! How a call failed, and how its span and a log record say so.

use std::any::type_name;
use std::error::Error;
use std::fmt::{self, Debug, Display, Write as _};

use opentelemetry::trace::{SpanRef, Status};
use opentelemetry::{KeyValue, Value};

use crate::export::text;
use crate::guarded::caught;
use crate::settings::Level;

use super::classify::ClassifyError;
use super::site::RecordError;

/// A failure of a call: what kind, in which words, from what.
#[derive(Clone, Copy)]
pub struct Failure<'a> {
    /// `error.type`: a name from a small set.
    pub(crate) error_type: &'static str,
    /// The error's own type.
    type_name: &'static str,
    /// What the error says of itself.
    message: Message<'a>,
    /// What caused it.
    source: Option<&'a (dyn Error + 'static)>,
    pub(super) severity: Level,
    pub(super) kind: Kind,
}

/// What a failure means for its call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It failed.
    Error,
    /// It was given up: nobody's fault, so the span's status stays unset.
    Cancelled,
    /// It went well, and the error is its answer.
    Expected,
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
    pub(crate) const PANIC: Self = Self {
        error_type: "panic",
        type_name: "panic",
        message: Message::Display(&"panicked"),
        source: None,
        severity: Level::Error,
        kind: Kind::Error,
    };

    /// The future was dropped before it was done.
    pub(crate) const CANCELLED: Self = Self {
        error_type: "cancelled",
        type_name: "cancelled",
        message: Message::None,
        source: None,
        severity: Level::Error,
        kind: Kind::Cancelled,
    };

    pub(crate) fn error(
        type_name: &'static str,
        message: Message<'a>,
        source: Option<&'a (dyn Error + 'static)>,
    ) -> Self {
        Self { error_type: type_name, type_name, message, source, severity: Level::Error, kind: Kind::Error }
    }

    /// An error that knows what it is, unless it panics when it is asked.
    pub(super) fn classified<E: ClassifyError>(error: &'a E) -> Self {
        let plain = Self::error(type_name::<E>(), Message::Display(error), Self::cause(error));
        let ask = || Self {
            error_type: error.error_type(),
            severity: error.severity(),
            kind: if error.is_expected() { Kind::Expected } else { Kind::Error },
            ..plain
        };
        caught(ask).unwrap_or(plain)
    }

    /// A failure that was noted before, of which only its name is left.
    pub(super) fn noted(error_type: &'static str) -> Self {
        Self::error(error_type, Message::None, None)
    }

    /// The failure under the name that `error_type` gives it.
    #[must_use]
    pub fn of_type(self, error_type: &'static str) -> Self {
        Self { error_type, ..self }
    }

    /// What caused an error. Its `source` is a user's code, and what it does must not become the call's outcome.
    pub(crate) fn cause<'e>(error: &'e (impl Error + ?Sized)) -> Option<&'e (dyn Error + 'static)> {
        caught(|| error.source()).flatten()
    }

    /// The attribute that metrics and the span share.
    pub(super) fn attribute(&self) -> KeyValue {
        KeyValue::new("error.type", self.error_type)
    }

    /// Puts it on a span: `error.type`, the status, and an
    /// [exception event](https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-spans/).
    pub(crate) fn record(&self, span: &SpanRef<'_>, record: RecordError) {
        if self.kind == Kind::Expected || !span.is_recording() {
            return;
        }
        span.set_attribute(self.attribute());
        if self.kind == Kind::Cancelled {
            return;
        }
        // Once: what an error says of itself takes as long as its author likes.
        let message = self.message();
        if record.as_event() {
            span.add_event("exception", self.exception(message.clone()).collect());
        }
        span.set_status(Status::error(message));
    }

    /// What it says of itself; where that is nothing, what it is called.
    pub(super) fn message(&self) -> String {
        match self.message {
            Message::None => self.error_type.to_owned(),
            _ => text::of(&self.message),
        }
    }

    /// The attributes of an
    /// [exception](https://opentelemetry.io/docs/specs/semconv/registry/attributes/exception/) with that message.
    pub(super) fn exception(&self, message: String) -> impl Iterator<Item = KeyValue> {
        let causes = self.causes().map(|causes| KeyValue::new("exception.stacktrace", causes));
        let own =
            [KeyValue::new("exception.type", self.type_name), KeyValue::new("exception.message", message)];
        own.into_iter().chain(causes)
    }

    fn causes(&self) -> Option<Value> {
        Self::causes_from(self.source)
    }

    /// The chain of sources from this one on, the nearest first. Bounded, because a chain may be a circle.
    pub(crate) fn causes_from(source: Option<&(dyn Error + 'static)>) -> Option<Value> {
        let mut causes = String::new();
        let chain = std::iter::successors(source, |&error| Self::cause(error));
        for error in chain.take(32) {
            // Writing to a string cannot fail.
            let _ = writeln!(causes, "caused by: {}", text::of(&error));
        }
        (!causes.is_empty()).then(|| causes.into())
    }
}
