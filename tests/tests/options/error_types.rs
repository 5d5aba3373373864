//! `error_type`: what a failure is called, and what is one.

use std::ops::ControlFlow;

use cryostorm::opentelemetry::Value;
use cryostorm::opentelemetry::trace::Status;
use cryostorm::{counted, timed, traced};
use cryostorm_tests::trace::{attribute, error_type, give_way, spans_of, total};
use futures::executor::block_on;
use futures::{Stream, StreamExt as _};

const REFUSED: &str = "refused";

#[derive(Debug, PartialEq)]
enum Refusal {
    Short(u64),
    Closed,
}

impl Refusal {
    fn kind(&self) -> &'static str {
        match self {
            Self::Short(_) => "short",
            Self::Closed => "closed",
        }
    }
}

type Aliased<T> = Result<T, Refusal>;

#[traced(error_type = "literal")]
#[counted]
#[timed]
fn literal(output: Aliased<u8>) -> Aliased<u8> {
    output
}

#[traced(error_type = REFUSED)]
#[counted]
#[timed]
fn constant(output: Aliased<u8>) -> Aliased<u8> {
    output
}

#[traced(error_type = |refusal| refusal.kind())]
#[counted]
#[timed]
fn by_closure(output: Aliased<u8>) -> Aliased<u8> {
    output
}

#[counted(error_type = |refusal: &Refusal| match *refusal { Refusal::Short(_) => "little", Refusal::Closed => "late" })]
#[timed]
#[traced]
async fn by_closure_later(output: Aliased<u8>) -> Aliased<u8> {
    give_way().await;
    output
}

#[timed(error_type = Refusal::kind)]
#[counted]
#[traced(ok(value = |value| *value), err(refusal = ?|refusal| refusal))]
fn by_path(output: Aliased<u8>) -> Aliased<u8> {
    output
}

#[test]
fn it_names_the_error_for_every_signal() {
    type Call = fn() -> Aliased<u8>;
    let cases: [(&str, &str, Call); 5] = [
        ("literal", "literal", || literal(Err(Refusal::Closed))),
        ("constant", "refused", || constant(Err(Refusal::Closed))),
        ("by_closure", "short", || by_closure(Err(Refusal::Short(1)))),
        ("by_closure_later", "late", || block_on(by_closure_later(Err(Refusal::Closed)))),
        ("by_path", "closed", || by_path(Err(Refusal::Closed))),
    ];
    for (name, expected, call) in cases {
        let trace = spans_of(|| assert!(call().is_err()));
        let span = trace.only();
        assert_eq!(error_type(span).as_deref(), Some(expected));
        assert!(matches!(span.status, Status::Error { .. }), "{name}");
        let event = span.events.iter().next().unwrap();
        let own = Value::from("options::error_types::Refusal");
        assert!(event.attributes.iter().any(|pair| pair.value == own), "{event:?}");
        for metric in ["function.calls", "function.duration"] {
            assert_eq!(total(metric, name, Some(expected)), 1, "{name}");
        }
    }
    let trace = spans_of(|| {
        literal(Ok(1)).and_then(|_| constant(Ok(1))).and_then(|_| by_closure(Ok(1))).unwrap();
        block_on(by_closure_later(Ok(1))).and_then(|_| by_path(Ok(1))).unwrap();
    });
    assert_eq!(trace.spans.iter().filter_map(error_type).count(), 0);
    assert_eq!(attribute(trace.named("by_path"), "value"), Some(Value::I64(1)));
}

#[traced(error_type = "not found", ok(found = |found| *found))]
#[counted]
fn find(found: Option<u8>) -> Option<u8> {
    found
}

#[traced(error_type = "not found", ok(found = |found| *found))]
#[counted]
async fn find_later(found: Option<u8>) -> Option<u8> {
    give_way().await;
    found
}

#[traced(error_type = "stopped", ok(state = |state| *state))]
#[counted]
fn step(state: u8) -> ControlFlow<&'static str, u8> {
    if state > 1 { ControlFlow::Break("done") } else { ControlFlow::Continue(state) }
}

#[traced]
#[counted]
fn unnamed(found: Option<u8>) -> Option<u8> {
    found
}

#[traced]
#[counted]
fn unnamed_step() -> ControlFlow<u8> {
    ControlFlow::Break(1)
}

#[test]
fn it_makes_a_failure_of_what_is_missing() {
    let trace = spans_of(|| {
        assert_eq!(
            (find(None), block_on(find_later(None)), step(2)),
            (None, None, ControlFlow::Break("done"))
        );
    });
    for (name, expected) in [("find", "not found"), ("find_later", "not found"), ("step", "stopped")] {
        let span = trace.named(name);
        assert_eq!(error_type(span).as_deref(), Some(expected));
        assert!(matches!(span.status, Status::Error { .. }));
        assert_eq!(total("function.calls", name, Some(expected)), 1);
        assert_eq!(attribute(span, "found").or(attribute(span, "state")), None);
    }
    let trace = spans_of(|| {
        assert_eq!((find(Some(7)), block_on(find_later(Some(7)))), (Some(7), Some(7)));
        assert_eq!(step(1), ControlFlow::Continue(1));
    });
    assert_eq!(trace.spans.iter().filter_map(error_type).count(), 0);
    assert_eq!(attribute(trace.named("find"), "found"), Some(Value::I64(7)));
    assert_eq!(attribute(trace.named("find_later"), "found"), Some(Value::I64(7)));
    assert_eq!(attribute(trace.named("step"), "state"), Some(Value::I64(1)));
}

#[test]
fn without_it_nothing_is_missing() {
    let trace = spans_of(|| {
        assert_eq!((unnamed(None), unnamed_step()), (None, ControlFlow::Break(1)));
    });
    assert!(trace.spans.iter().all(|span| span.status == Status::Unset && error_type(span).is_none()));
    assert_eq!(total("function.calls", "unnamed", None), 1);
}

struct Lines(Vec<Aliased<u8>>);

impl Iterator for Lines {
    type Item = Aliased<u8>;

    #[traced(error_type = "no line")]
    fn next(&mut self) -> Option<Aliased<u8>> {
        self.0.pop()
    }
}

#[test]
fn an_error_inside_an_option_is_a_failure_too() {
    let trace = spans_of(|| assert_eq!(Lines(vec![Err(Refusal::Closed), Ok(1)]).count(), 2));
    let types: Vec<_> = trace.spans.iter().map(error_type).collect();
    // The end of an iterator of results is no failure: `error_type` names the errors.
    assert_eq!(types, [None, Some("no line".to_owned()), None]);
    assert_eq!(trace.spans[1].status, Status::error("Closed"));
}

#[traced(error_type = Refusal::kind)]
#[counted]
fn refusals() -> impl Stream<Item = Aliased<u8>> {
    futures::stream::iter([Ok(1), Err(Refusal::Short(2)), Err(Refusal::Closed)])
}

#[test]
fn it_names_the_first_error_of_a_stream() {
    let trace = spans_of(|| assert_eq!(block_on(refusals().count()), 3));
    let span = trace.only();
    assert_eq!(error_type(span).as_deref(), Some("short"));
    assert_eq!((span.status.clone(), span.events.len()), (Status::error("Short(2)"), 1));
    assert_eq!(total("function.calls", "refusals", Some("short")), 1);
}
