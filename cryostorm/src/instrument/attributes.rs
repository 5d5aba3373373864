//! The attributes that an expansion names, evaluated before the body runs.

use std::fmt::{Debug, Display};

use opentelemetry::{KeyValue, Value};

use crate::export::text;

use super::attribute::{AttributeValue, MetricAttribute};

/// What an expansion's closure fills in.
#[derive(Debug, Default)]
pub struct Attributes {
    pub(crate) span: Vec<KeyValue>,
    pub(crate) counter: Vec<KeyValue>,
    pub(crate) histogram: Vec<KeyValue>,
}

impl Attributes {
    /// An attribute of the span.
    pub fn span<V: AttributeValue + ?Sized>(&mut self, key: &'static str, value: &V) {
        self.span.extend(value.to_value().map(|value| KeyValue::new(key, value)));
    }

    /// An attribute of the counter.
    pub fn counted<V: MetricAttribute + ?Sized>(&mut self, key: &'static str, value: &V) {
        self.counter.push(KeyValue::new(key, value.to_value()));
    }

    /// An attribute of the histogram.
    pub fn timed<V: MetricAttribute + ?Sized>(&mut self, key: &'static str, value: &V) {
        self.histogram.push(KeyValue::new(key, value.to_value()));
    }
}

/// `%value`: recorded by `Display`.
#[derive(Debug)]
pub struct Shown<T>(pub T);

impl<T: Display> AttributeValue for Shown<T> {
    fn to_value(&self) -> Option<Value> {
        Some(text::of(&self.0).into())
    }
}

/// `?value`: recorded by `Debug`.
#[derive(Debug)]
pub struct Debugged<T>(pub T);

impl<T: Debug> AttributeValue for Debugged<T> {
    fn to_value(&self) -> Option<Value> {
        Some(text::of(&format_args!("{:?}", self.0)).into())
    }
}

/// A literal: one value, so bounded whatever its type.
#[derive(Debug)]
pub struct Literal<T>(pub T);

impl<T: Into<Value> + Clone> MetricAttribute for Literal<T> {
    fn to_value(&self) -> Value {
        self.0.clone().into()
    }
}
