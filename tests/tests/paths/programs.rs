//! Programs that make spans by hand, as data.

use std::collections::HashMap;
use std::num::ParseIntError;
use std::pin::pin;
use std::sync::Mutex;
use std::thread;

use cryostorm::opentelemetry::trace::{
    Link, SpanBuilder as OtelBuilder, SpanContext, SpanKind, Status, TraceContextExt as _, Tracer as _,
};
use cryostorm::opentelemetry::{Array, Context, KeyValue, Value};
use cryostorm::{AttributeValue as _, Span, SpanBuilder, Telemetry};
use cryostorm_tests::trace::{give_way, poll_once};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// A span, and what is done in it.
#[derive(Clone, Debug)]
pub struct Node {
    pub kind: Option<SpanKind>,
    pub parent: Parent,
    pub attributes: Vec<Value>,
    pub links: Vec<Target>,
    pub steps: Vec<Step>,
    pub end: End,
    /// Among the spans before it, and none.
    pub around: Option<Index>,
}

impl Default for Node {
    fn default() -> Self {
        Self {
            kind: None,
            parent: Parent::Current,
            attributes: Vec::new(),
            links: Vec::new(),
            steps: Vec::new(),
            end: End::Scope,
            around: None,
        }
    }
}

/// What a span is the child of.
#[derive(Clone, Debug)]
pub enum Parent {
    Current,
    Nothing,
    Earlier(Index),
    Remote,
    RemoteWithState,
    RemoteUnsampled,
}

/// What a link leads to.
#[derive(Clone, Debug)]
pub enum Target {
    Remote,
    Earlier(Index),
    Nothing,
}

/// Something that is done in a span.
#[derive(Clone, Debug)]
pub enum Step {
    Attribute(Value),
    OtelAttribute(Value),
    Event(Vec<Value>),
    OtelEvent(Vec<Value>),
    Status(Status),
    OtelStatus(Status),
    Rename,
    Link(Target, Vec<Value>),
    Error,
    OtelError,
    /// More than there is room for, of everything.
    Flood,
}

/// How a span is made and how it ends.
#[derive(Clone, Copy, Debug)]
pub enum End {
    Guard,
    Scope,
    Future,
    /// On another thread.
    Elsewhere,
    /// Before its guard is dropped.
    Early,
    /// Made by OpenTelemetry's tracer, and dropped without an end.
    Tracer,
}

/// Trees of spans.
pub fn tree() -> impl Strategy<Value = Vec<Node>> {
    vec(node(), 1..30)
}

fn node() -> impl Strategy<Value = Node> {
    use SpanKind::*;
    let kind = prop::option::of(select(vec![Internal, Server, Client, Producer, Consumer]));
    let end = select(vec![End::Guard, End::Scope, End::Future, End::Elsewhere, End::Early, End::Tracer]);
    let parent = prop_oneof![
        12 => Just(Parent::Current),
        1 => Just(Parent::Nothing),
        2 => any::<Index>().prop_map(Parent::Earlier),
        1 => Just(Parent::Remote),
        1 => Just(Parent::RemoteWithState),
        1 => Just(Parent::RemoteUnsampled),
    ];
    let around = prop::option::weighted(0.8, any::<Index>());
    (kind, parent, vec(value(), 0..4), vec(target(), 0..3), vec(step(), 0..5), end, around).prop_map(
        |(kind, parent, attributes, links, steps, end, around)| Node {
            kind,
            parent,
            attributes,
            links,
            steps,
            end,
            around,
        },
    )
}

fn target() -> impl Strategy<Value = Target> {
    prop_oneof![
        1 => Just(Target::Remote),
        4 => any::<Index>().prop_map(Target::Earlier),
        1 => Just(Target::Nothing),
    ]
}

fn status() -> impl Strategy<Value = Status> {
    select(vec![Status::Unset, Status::Ok, Status::error(""), Status::error("a"), Status::error("b")])
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => value().prop_map(Step::Attribute),
        8 => value().prop_map(Step::OtelAttribute),
        4 => vec(value(), 0..3).prop_map(Step::Event),
        4 => vec(value(), 0..3).prop_map(Step::OtelEvent),
        4 => status().prop_map(Step::Status),
        4 => status().prop_map(Step::OtelStatus),
        4 => Just(Step::Rename),
        4 => (target(), vec(value(), 0..3)).prop_map(|(to, attributes)| Step::Link(to, attributes)),
        4 => Just(Step::Error),
        4 => Just(Step::OtelError),
        1 => Just(Step::Flood),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let text = || "[a-zå]{0,5}";
    prop_oneof![
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::I64),
        (-1e9..1e9).prop_map(Value::F64),
        text().prop_map(Value::from),
        vec(any::<bool>(), 0..3).prop_map(|values| Value::Array(Array::Bool(values))),
        vec(any::<i64>(), 0..3).prop_map(|values| Value::Array(Array::I64(values))),
        vec(-1e9..1e9, 0..3).prop_map(|values| Value::Array(Array::F64(values))),
        vec(text(), 0..3)
            .prop_map(|values| { Value::Array(Array::String(values.into_iter().map(Into::into).collect())) }),
    ]
}

/// A program that makes a tree.
pub struct Program<'a> {
    telemetry: &'a Telemetry,
    nodes: &'a [Node],
    /// The spans that were made, by their number; none of the trees' order is kept otherwise.
    made: Mutex<Vec<SpanContext>>,
}

impl<'a> Program<'a> {
    pub fn new(telemetry: &'a Telemetry, nodes: &'a [Node]) -> Self {
        Self { telemetry, nodes, made: Mutex::default() }
    }

    /// Makes the whole tree.
    pub fn run(&self) {
        self.children(None);
    }

    /// The span that a node is written in: one before it.
    fn around(&self, number: usize) -> Option<usize> {
        let around = self.nodes[number].around?;
        (number > 0).then(|| around.index(number))
    }

    fn children(&self, of: Option<usize>) {
        for number in 0..self.nodes.len() {
            if self.around(number) == of {
                self.make(number);
            }
        }
    }

    fn make(&self, number: usize) {
        let node = &self.nodes[number];
        match node.end {
            End::Guard => {
                let guard = self.builder(number).start();
                self.inside(number, &guard);
            }
            End::Scope => self.builder(number).in_scope(|span| self.inside(number, span)),
            End::Future => {
                let mut future = pin!(self.builder(number).instrument(self.inside_later(number)));
                assert!(poll_once(future.as_mut()).is_pending());
                assert!(poll_once(future).is_ready());
            }
            End::Elsewhere => {
                let mut future = Box::pin(self.builder(number).instrument(self.inside_later(number)));
                assert!(poll_once(future.as_mut()).is_pending());
                let ends = thread::scope(|scope| scope.spawn(move || poll_once(future.as_mut())).join());
                assert!(ends.unwrap().is_ready());
            }
            End::Early => self.builder(number).in_scope(|span| {
                self.inside(number, span);
                span.context().span().end();
                assert!(!span.context().span().is_recording());
                span.set_attribute("late", true);
                span.add_event("late", &[]);
                span.context().span().update_name("late");
                span.context().span().end();
            }),
            End::Tracer => {
                let parent = self.parent(number);
                let tracer = self.telemetry.tracer();
                let span = tracer.build_with_context(self.otel_builder(number), &parent);
                let _current = Context::current_with_span(span).attach();
                self.inside(number, &cryostorm::current_span());
            }
        }
    }

    async fn inside_later(&self, number: usize) {
        self.inside(number, &cryostorm::current_span());
        give_way().await;
        cryostorm::current_span().add_event("woken", &[]);
    }

    fn builder(&self, number: usize) -> SpanBuilder {
        let node = &self.nodes[number];
        let mut builder = self.telemetry.span(number.to_string());
        if let Some(kind) = &node.kind {
            builder = builder.kind(kind.clone());
        }
        for (at, value) in node.attributes.iter().enumerate() {
            builder = builder.attribute(format!("start.{at}"), value.clone());
        }
        for target in &node.links {
            builder = builder.link(self.target(target));
        }
        match node.parent {
            Parent::Current => builder,
            _ => builder.context(self.parent(number)),
        }
    }

    fn otel_builder(&self, number: usize) -> OtelBuilder {
        let node = &self.nodes[number];
        let mut builder = OtelBuilder::from_name(number.to_string())
            .with_attributes(pairs("start", &node.attributes))
            .with_links(node.links.iter().map(|to| Link::with_context(self.target(to))).collect())
            .with_events(vec![]);
        builder.span_kind = node.kind.clone();
        builder
    }

    fn parent(&self, number: usize) -> Context {
        let remote = |flags: &str, state: &str| {
            let parent = format!("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-{flags}");
            let mut headers = HashMap::from([("traceparent".to_owned(), parent)]);
            if !state.is_empty() {
                headers.insert("tracestate".to_owned(), state.to_owned());
            }
            self.telemetry.extract_context(&headers)
        };
        match &self.nodes[number].parent {
            Parent::Current => Context::current(),
            Parent::Nothing => Context::new(),
            Parent::Earlier(index) => match self.earlier(index) {
                Some(span) => Context::new().with_remote_span_context(span),
                None => Context::new(),
            },
            Parent::Remote => remote("01", ""),
            Parent::RemoteWithState => remote("01", "vendor=1,other=2"),
            Parent::RemoteUnsampled => remote("00", "vendor=1"),
        }
    }

    fn earlier(&self, index: &Index) -> Option<SpanContext> {
        let made = self.made.lock().unwrap();
        (!made.is_empty()).then(|| made[index.index(made.len())].clone())
    }

    fn target(&self, target: &Target) -> SpanContext {
        match target {
            Target::Remote => {
                let headers =
                    HashMap::from([("traceparent".to_owned(), format!("00-{:032x}-{:016x}-01", 7, 9))]);
                self.telemetry.extract_context(&headers).span().span_context().clone()
            }
            Target::Earlier(index) => self.earlier(index).unwrap_or(SpanContext::NONE),
            Target::Nothing => SpanContext::NONE,
        }
    }

    /// What is done in a span, its children between the first half of its steps and the second.
    fn inside(&self, number: usize, span: &Span) {
        self.made.lock().unwrap().push(span.span_context());
        let steps = &self.nodes[number].steps;
        let half = steps.len() / 2;
        for (at, step) in steps.iter().enumerate() {
            if at == half {
                self.children(Some(number));
            }
            self.step(number, at, step, span);
        }
        if steps.is_empty() {
            self.children(Some(number));
        }
    }

    fn step(&self, number: usize, at: usize, step: &Step, span: &Span) {
        let current = Context::current();
        let otel = current.span();
        assert_eq!(otel.span_context(), &span.span_context(), "it is current");
        match step {
            Step::Attribute(value) => span.set_attribute(format!("step.{at}"), value.clone()),
            Step::OtelAttribute(value) => {
                otel.set_attribute(KeyValue::new(format!("step.{at}"), value.clone()));
            }
            Step::Event(values) => {
                let first = values.first().and_then(|value| value.to_value());
                span.add_event(format!("event {at}"), &[("first", &first), ("two", &2)]);
            }
            Step::OtelEvent(values) => otel.add_event(format!("event {at}"), pairs("of", values)),
            Step::Status(status) => span.set_status(status.clone()),
            Step::OtelStatus(status) => otel.set_status(status.clone()),
            Step::Rename => otel.update_name(format!("{number}, renamed at {at}")),
            Step::Link(to, values) => otel.add_link(self.target(to), pairs("of", values)),
            Step::Error => span.record_error(&no_number()),
            Step::OtelError => otel.record_error(&no_number()),
            Step::Flood => {
                let values: Vec<_> = (0..130_i64).map(Value::I64).collect();
                for pair in pairs(&format!("flood.{at}"), &values) {
                    otel.set_attribute(pair);
                    otel.add_event(format!("flood {at}"), pairs("of", &values));
                    otel.add_link(self.target(&Target::Remote), pairs("of", &values));
                }
            }
        }
    }
}

fn pairs(prefix: &str, values: &[Value]) -> Vec<KeyValue> {
    values
        .iter()
        .enumerate()
        .map(|(at, value)| KeyValue::new(format!("{prefix}.{at}"), value.clone()))
        .collect()
}

fn no_number() -> ParseIntError {
    "x".parse::<u8>().unwrap_err()
}
