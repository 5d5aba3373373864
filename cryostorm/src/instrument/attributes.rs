//! The attributes that an expansion names, evaluated before the body runs.

use std::borrow::Cow;
use std::fmt::{Debug, Display};

use opentelemetry::{KeyValue, Value};

use crate::export::text;
use crate::guarded::caught;
use crate::trace::SpanRequest;

use super::amount::Amount;
use super::attribute::{AttributeValue, MetricAttribute};
use super::cardinality::bound;
use super::link::{AsContext, IntoLinks};
use super::local::{self, Local};
use super::running::Rest;
use super::site::CallSite;

/// What an expansion's closure fills in.
#[derive(Debug)]
pub struct Attributes<'a> {
    local: &'a Local,
    site: &'static CallSite,
    /// Whether it is not yet time to decide on sampling.
    is_early: bool,
    pub(super) of_call: OfCall,
}

/// What one call differs in from the other calls of its function. It is large, so it is filled in where it is.
#[derive(Debug)]
pub(super) struct OfCall {
    /// Unless `if` said no.
    pub(super) has_span: bool,
    pub(super) span: SpanRequest,
    /// None where the metrics have nothing of it.
    pub(super) rest: Option<Box<Rest>>,
}

impl<'a> Attributes<'a> {
    /// Those of the signals that are on. `is_early`: it is not yet time to decide on sampling.
    pub(super) fn new(local: &'a Local, site: &'static CallSite, is_early: bool) -> Self {
        let of_call = OfCall { has_span: true, span: SpanRequest::default(), rest: None };
        Self { local, site, is_early, of_call }
    }

    /// Evaluates them. If that panics, which is no business of the function's, they are what was made until then.
    pub(super) fn evaluate(&mut self, fill: &mut dyn FnMut(&mut Self)) {
        let _ = caught(|| fill(self));
    }

    /// Decides whether the call has a span, and tells whether to go on with what the span has.
    pub fn spanned(&mut self, condition: bool) -> bool {
        self.of_call.has_span = condition;
        condition && self.local.signals().tracers.is_some()
    }

    /// Sets the parent of the span, and tells to go on with what the span has.
    pub fn under(&mut self, context: &impl AsContext) -> bool {
        self.of_call.span.context = Some(context.as_context().clone());
        true
    }

    /// Whether the span is recorded, once it is known whether there is one and what it is a child of: no other has its
    /// name, links and attributes evaluated.
    pub fn recorded(&mut self) -> bool {
        let OfCall { has_span, span, .. } = &mut self.of_call;
        match &self.local.signals().tracers {
            Some(tracers) if *has_span => {
                if self.is_early {
                    return true;
                }
                tracers.foresee(Some(self.site), span)
            }
            _ => false,
        }
    }

    /// Whether to go on with what the metrics have.
    pub fn measured(&self) -> bool {
        self.local.signals().metrics.is_some()
    }

    /// The name of the span.
    pub fn name(&mut self, name: impl Into<Cow<'static, str>>) {
        self.of_call.span.set_name(name.into());
    }

    /// The links of the span.
    pub fn links(&mut self, links: impl IntoLinks) {
        links.into_links().for_each(|link| self.of_call.span.add_link(link));
    }

    /// An attribute of the span.
    pub fn span<V: AttributeValue + ?Sized>(&mut self, key: &'static str, value: &V) {
        if let Some(value) = value.to_value() {
            self.of_call.span.add_attribute(KeyValue::new(key, value));
        }
    }

    /// What the counter rises by. A number below 0 counts nothing.
    pub fn by(&mut self, amount: impl Amount) {
        self.rest().by = amount.amount();
    }

    /// An attribute of the counter.
    pub fn counted<V: MetricAttribute + ?Sized>(&mut self, key: &'static str, value: &V) {
        let mut value = value.to_value();
        bound(&mut value);
        self.rest().counter.push(KeyValue::new(key, value));
    }

    /// An attribute of the histogram.
    pub fn timed<V: MetricAttribute + ?Sized>(&mut self, key: &'static str, value: &V) {
        let mut value = value.to_value();
        bound(&mut value);
        self.rest().histogram.push(KeyValue::new(key, value));
    }

    fn rest(&mut self) -> &mut Rest {
        self.of_call.rest.get_or_insert_with(local::new_rest)
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
