//! A failure as the line of its span says it.

use opentelemetry::trace::{Event, Status};
use opentelemetry::{KeyValue, Value};
use opentelemetry_sdk::trace::SpanData;

/// The error type and the message, where there are any.
pub(super) struct Failure {
    pub(super) error_type: Option<Value>,
    pub(super) message: Option<String>,
}

impl Failure {
    pub(super) fn of(span: &SpanData) -> Option<Self> {
        let error_type =
            span.attributes.iter().rfind(|pair| is_error_type(pair)).map(|pair| pair.value.clone());
        let message = match &span.status {
            Status::Error { description } => Some(description.to_string()),
            _ => None,
        };
        (error_type.is_some() || message.is_some()).then_some(Self { error_type, message })
    }

    /// Takes out of exception events what the failure says already, and such as say no more.
    pub(super) fn take_from(&self, events: &mut Vec<Event>) {
        events.retain_mut(|event| {
            let is_exception = event.name == "exception";
            if is_exception {
                event.attributes.retain(|pair| !self.says(pair));
            }
            !is_exception || !event.attributes.is_empty()
        });
    }

    fn says(&self, pair: &KeyValue) -> bool {
        match pair.key.as_str() {
            "exception.type" => self.error_type.as_ref() == Some(&pair.value),
            "exception.message" => self.message.as_deref() == Some(&*pair.value.as_str()),
            _ => false,
        }
    }
}

pub(super) fn is_error_type(pair: &KeyValue) -> bool {
    pair.key.as_str() == "error.type"
}
