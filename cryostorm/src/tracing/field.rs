//! The fields of spans and events, with their types.

use std::error::Error;
use std::fmt::Debug;

use opentelemetry::Value;
use tracing_core::Field;
use tracing_core::field::Visit;

use crate::export::text;
use crate::instrument::AttributeValue;

/// Where fields go.
pub(super) trait Sink {
    fn put(&mut self, key: &'static str, value: Value);

    fn put_error(&mut self, key: &'static str, error: &(dyn Error + 'static)) {
        self.put(key, text::of(&error).into());
    }
}

/// Takes fields by their types, and what has none by its `Debug`, which is what `%` comes as too.
pub(super) struct Typed<'a, S>(pub(super) &'a mut S);

impl<S: Sink> Typed<'_, S> {
    fn put(&mut self, field: &Field, value: &impl AttributeValue) {
        if let Some(value) = value.to_value() {
            self.0.put(field.name(), value);
        }
    }
}

impl<S: Sink> Visit for Typed<'_, S> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, &value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, &value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, &value);
    }

    fn record_i128(&mut self, field: &Field, value: i128) {
        self.put(field, &value);
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        self.put(field, &value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, &value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, &value);
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.0.put_error(field.name(), value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.put(field.name(), text::of(&format_args!("{value:?}")).into());
    }
}

/// What a field says, whatever its type.
pub(super) fn text(value: Value) -> String {
    match value {
        Value::String(text) => text.into(),
        other => other.as_str().into_owned(),
    }
}
