//! The attributes that an expansion names, evaluated before the body runs.

use std::borrow::Cow;
use std::fmt::{Debug, Display};
use std::panic::{AssertUnwindSafe, catch_unwind};

use opentelemetry::trace::Link;
use opentelemetry::{Context, KeyValue, Value};

use crate::export::text;

use super::amount::Amount;
use super::attribute::{AttributeValue, MetricAttribute};
use super::link::{AsContext, IntoLinks};
use super::running::Fill;
use super::signals::Signals;

/// What an expansion's closure fills in.
#[derive(Debug)]
pub struct Attributes {
    /// None where `if` said no.
    pub(super) span: Option<OfSpan>,
    pub(super) counter: Vec<KeyValue>,
    pub(super) histogram: Vec<KeyValue>,
    /// What the counter rises by.
    pub(super) by: u64,
    has_tracing: bool,
    has_metrics: bool,
}

/// What one call's span differs in from the other calls' spans.
#[derive(Debug, Default)]
pub(super) struct OfSpan {
    pub(super) attributes: Vec<KeyValue>,
    pub(super) name: Option<Cow<'static, str>>,
    pub(super) links: Vec<Link>,
    pub(super) context: Option<Context>,
}

impl Attributes {
    /// Those of one call, of the signals that are on. If making them panics, which is no business of the function's, they
    /// are what was made until then.
    pub(super) fn of(signals: &Signals, fill: Fill<'_>) -> Self {
        let mut attributes = Self {
            span: Some(OfSpan::default()),
            counter: Vec::new(),
            histogram: Vec::new(),
            by: 1,
            has_tracing: signals.tracers.is_some(),
            has_metrics: signals.metrics.is_some(),
        };
        if let Some(fill) = fill {
            let _ = catch_unwind(AssertUnwindSafe(|| fill(&mut attributes)));
        }
        attributes
    }

    /// Decides whether the call has a span, and tells whether to go on with what the span has.
    pub fn spanned(&mut self, condition: bool) -> bool {
        if !condition {
            self.span = None;
        }
        condition && self.has_tracing
    }

    /// Sets the parent of the span, and tells to go on with what the span has.
    pub fn under(&mut self, context: &impl AsContext) -> bool {
        self.of_span(|span| span.context = Some(context.as_context().clone()));
        true
    }

    /// Whether the span is recorded, once it is known whether there is one and what it is a child of: no other has its
    /// name, links and attributes evaluated.
    pub fn recorded(&self) -> bool {
        self.span.is_some() && self.has_tracing
    }

    /// Whether to go on with what the metrics have.
    pub fn measured(&self) -> bool {
        self.has_metrics
    }

    /// The name of the span.
    pub fn name(&mut self, name: impl Into<Cow<'static, str>>) {
        self.of_span(|span| span.name = Some(name.into()));
    }

    /// The links of the span.
    pub fn links(&mut self, links: impl IntoLinks) {
        self.of_span(|span| span.links.extend(links.into_links()));
    }

    /// An attribute of the span.
    pub fn span<V: AttributeValue + ?Sized>(&mut self, key: &'static str, value: &V) {
        self.of_span(|span| span.attributes.extend(value.to_value().map(|value| KeyValue::new(key, value))));
    }

    fn of_span(&mut self, change: impl FnOnce(&mut OfSpan)) {
        if let Some(span) = &mut self.span {
            change(span);
        }
    }

    /// What the counter rises by. A number below 0 counts nothing.
    pub fn by(&mut self, amount: impl Amount) {
        self.by = amount.amount();
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

/// A literal that OpenTelemetry has no type of its own for: one value, so bounded whatever its type.
#[derive(Debug)]
pub struct Literal<T>(pub T);

impl<T: AttributeValue> MetricAttribute for Literal<T> {
    fn to_value(&self) -> Value {
        self.0.to_value().unwrap_or_else(|| Value::from(""))
    }
}
