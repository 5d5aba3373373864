//! The attributes that an expansion names, evaluated before the body runs.

use std::borrow::Cow;
use std::fmt::{Debug, Display};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use opentelemetry::{KeyValue, Value};

use crate::export::text;
use crate::trace::Foreseen;

use super::amount::Amount;
use super::attribute::{AttributeValue, MetricAttribute};
use super::link::{AsContext, IntoLinks};
use super::local::Local;
use super::running::Fill;
use super::site::CallSite;
use super::tracers::Request;

/// What an expansion's closure fills in.
#[derive(Debug)]
pub struct Attributes {
    local: Rc<Local>,
    site: &'static CallSite,
    /// Whether it is not yet time to decide on sampling.
    is_early: bool,
    pub(super) of_call: OfCall,
}

/// What one call differs in from the other calls of its function.
#[derive(Debug)]
pub(super) struct OfCall {
    /// None where `if` said no.
    pub(super) span: Option<Request>,
    /// None where the metrics have nothing of it.
    pub(super) measures: Option<Box<Measures>>,
}

/// What the metrics have of one call.
#[derive(Debug)]
pub(super) struct Measures {
    pub(super) counter: Vec<KeyValue>,
    pub(super) histogram: Vec<KeyValue>,
    /// What the counter rises by.
    pub(super) by: u64,
}

impl Default for Measures {
    fn default() -> Self {
        Self { counter: Vec::new(), histogram: Vec::new(), by: 1 }
    }
}

impl OfCall {
    /// What a call has, of the signals that are on. If finding out panics, which is no business of the function's, it is
    /// what was found until then.
    pub(super) fn evaluate(
        local: &Rc<Local>,
        site: &'static CallSite,
        fill: Fill<'_>,
        is_early: bool,
    ) -> Self {
        let of_call = Self { span: Some(Request::default()), measures: None };
        let Some(fill) = fill else { return of_call };
        let mut attributes = Attributes { local: Rc::clone(local), site, is_early, of_call };
        let _ = catch_unwind(AssertUnwindSafe(|| fill(&mut attributes)));
        attributes.of_call
    }
}

impl Attributes {
    /// Decides whether the call has a span, and tells whether to go on with what the span has.
    pub fn spanned(&mut self, condition: bool) -> bool {
        if !condition {
            self.of_call.span = None;
        }
        condition && self.local.signals().tracers.is_some()
    }

    /// Sets the parent of the span, and tells to go on with what the span has.
    pub fn under(&mut self, context: &impl AsContext) -> bool {
        self.of_span(|span| span.context = Some(context.as_context().clone()));
        true
    }

    /// Whether the span is recorded, once it is known whether there is one and what it is a child of: no other has its
    /// name, links and attributes evaluated.
    pub fn recorded(&mut self) -> bool {
        match (&self.local.signals().tracers, &mut self.of_call.span) {
            (Some(tracers), Some(request)) => {
                self.is_early
                    || tracers.foresee(Some(self.site), request).is_none_or(Foreseen::may_be_recorded)
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

    fn of_span(&mut self, change: impl FnOnce(&mut Request)) {
        if let Some(span) = &mut self.of_call.span {
            change(span);
        }
    }

    /// What the counter rises by. A number below 0 counts nothing.
    pub fn by(&mut self, amount: impl Amount) {
        self.measures().by = amount.amount();
    }

    /// An attribute of the counter.
    pub fn counted<V: MetricAttribute + ?Sized>(&mut self, key: &'static str, value: &V) {
        self.measures().counter.push(KeyValue::new(key, value.to_value()));
    }

    /// An attribute of the histogram.
    pub fn timed<V: MetricAttribute + ?Sized>(&mut self, key: &'static str, value: &V) {
        self.measures().histogram.push(KeyValue::new(key, value.to_value()));
    }

    fn measures(&mut self) -> &mut Measures {
        self.of_call.measures.get_or_insert_default()
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
