//! `ok(..)` and `err(..)`: attributes of what came out.

use std::cell::RefCell;
use std::future::Future;
use std::panic::catch_unwind;
use std::pin::{Pin, pin};

use cryostorm::opentelemetry::trace::{
    SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState,
};
use cryostorm::opentelemetry::{Array, Context, Value};
use cryostorm::{counted, traced};
use cryostorm_tests::trace::{
    Trace, attribute, current_id, error_type, give_way, poll_once, spans_of, total,
};
use futures::executor::block_on;
use futures::future::LocalBoxFuture;

/// The attributes that are not there for every span.
fn observed(trace: &Trace) -> Vec<(String, Value)> {
    let attributes = trace.only().attributes.iter();
    let attributes =
        attributes.filter(|pair| !["code", "error"].contains(&pair.key.as_str().split('.').next().unwrap()));
    attributes.map(|pair| (pair.key.to_string(), pair.value.clone())).collect()
}

fn pairs<const N: usize>(pairs: [(&str, Value); N]) -> Vec<(String, Value)> {
    pairs.map(|(key, value)| (key.to_owned(), value)).into()
}

#[derive(Debug)]
struct Receipt {
    id: u64,
    lines: Vec<String>,
}

#[derive(Debug)]
enum Refusal {
    Short { cents: u64 },
    Closed,
}

fn lines(receipt: &Receipt) -> usize {
    receipt.lines.len()
}

impl Receipt {
    fn first(&self) -> Option<&str> {
        self.lines.first().map(String::as_str)
    }
}

#[traced(
    attributes(price = price),
    ok(
        receipt.id = |receipt| receipt.id,
        receipt.all = |Receipt { id, lines }| format!("{id} {}", lines.join(" ")),
        receipt.first = |receipt: &Receipt| receipt.lines.first(),
        receipt.by_path = lines,
        receipt.by_method = Receipt::first,
        receipt.debug = ?|receipt| &receipt.lines,
        receipt.display = %|receipt| receipt.id + price,
        receipt.texts = |receipt| receipt.lines.as_slice(),
        receipt.typed = |receipt: &Receipt| -> u64 { receipt.id },
        receipt.absent = |_| None::<u8>,
    ),
    err(
        refusal = ?|refusal| refusal,
        refusal.missing = |refusal| match refusal {
            Refusal::Short { cents } => Some(cents),
            Refusal::Closed => None,
        },
        refusal.price = |_| price,
    ),
)]
fn buy(price: u64, cents: u64) -> Result<Receipt, Refusal> {
    if cents == 0 {
        return Err(Refusal::Closed);
    }
    let missing = price.checked_sub(cents).filter(|missing| *missing > 0);
    match missing {
        Some(cents) => Err(Refusal::Short { cents }),
        None => Ok(Receipt { id: 7, lines: vec!["tea".to_owned(), "milk".to_owned()] }),
    }
}

#[test]
fn ok_observes_the_value_and_err_the_error() {
    let trace = spans_of(|| assert_eq!(buy(5, 6).unwrap().id, 7));
    assert_eq!(
        observed(&trace),
        pairs([
            ("price", Value::I64(5)),
            ("receipt.id", Value::I64(7)),
            ("receipt.all", "7 tea milk".into()),
            ("receipt.first", "tea".into()),
            ("receipt.by_path", Value::I64(2)),
            ("receipt.by_method", "tea".into()),
            ("receipt.debug", r#"["tea", "milk"]"#.into()),
            ("receipt.display", "12".into()),
            ("receipt.texts", Value::Array(Array::String(vec!["tea".into(), "milk".into()]))),
            ("receipt.typed", Value::I64(7)),
        ])
    );
    let trace = spans_of(|| assert!(buy(5, 2).is_err()));
    assert_eq!(
        observed(&trace),
        pairs([
            ("price", Value::I64(5)),
            ("refusal", "Short { cents: 3 }".into()),
            ("refusal.missing", Value::I64(3)),
            ("refusal.price", Value::I64(5)),
        ])
    );
    assert_eq!(error_type(trace.only()).as_deref(), Some("options::observations::Refusal"));
    let trace = spans_of(|| assert!(buy(5, 0).is_err()));
    assert_eq!(
        observed(&trace)[1..],
        pairs([("refusal", "Closed".into()), ("refusal.price", Value::I64(5))])
    );
}

#[traced(ok(length = |text| text.len()))]
fn plain(text: &str) -> String {
    text.to_owned()
}

#[traced(ok(first = |(first, _)| *first, second = %|(_, second)| second))]
fn tuple() -> (u8, char) {
    (1, 'b')
}

#[traced(ok(is_some = |value| value.is_some()))]
fn optional(value: Option<u8>) -> Option<u8> {
    value
}

#[traced(ok(text = |text| text.to_string()))]
fn opaque() -> impl std::fmt::Display {
    7
}

#[traced(ok(borrowed = |text| text))]
fn borrowed<'a>(text: &'a str, _other: &str) -> &'a str {
    text
}

#[traced(ok(value = |value| value.as_ref().to_owned()))]
fn generic<T: AsRef<str>>(value: T) -> T {
    value
}

#[test]
fn ok_observes_all_of_an_output_that_is_no_result() {
    let of = |work: fn()| observed(&spans_of(work));
    assert_eq!(of(|| drop(plain("tea"))), pairs([("length", Value::I64(3))]));
    assert_eq!(of(|| assert_eq!(tuple().0, 1)), pairs([("first", Value::I64(1)), ("second", "b".into())]));
    assert_eq!(of(|| assert_eq!(optional(None), None)), pairs([("is_some", false.into())]));
    assert_eq!(of(|| drop(opaque())), pairs([("text", "7".into())]));
    assert_eq!(of(|| assert_eq!(borrowed("tea", ""), "tea")), pairs([("borrowed", "tea".into())]));
    assert_eq!(of(|| drop(generic(String::from("tea")))), pairs([("value", "tea".into())]));
}

#[traced(ok(value = |value| value), err(refusal = |error| error))]
async fn later(text: &str) -> Result<u8, String> {
    give_way().await;
    text.parse().map_err(|_| text.to_owned())
}

#[traced(ok(value = |value| *value), err(refusal = |error| error))]
fn block(text: &'static str) -> impl Future<Output = Result<u8, String>> {
    async move {
        give_way().await;
        text.parse().map_err(|_| text.to_owned())
    }
}

#[traced(ok(value = |value| *value), err(refusal = |error| error))]
fn boxed(text: &'static str) -> Pin<Box<dyn Future<Output = Result<u8, String>> + Send>> {
    let parsed = text.parse().map_err(|_| text.to_owned());
    Box::pin(async move { parsed })
}

#[test]
fn what_comes_out_of_a_future_is_observed() {
    fn as_it_is(text: &'static str) -> LocalBoxFuture<'static, Result<u8, String>> {
        Box::pin(later(text))
    }
    fn of_a_block(text: &'static str) -> LocalBoxFuture<'static, Result<u8, String>> {
        Box::pin(block(text))
    }
    fn of_statements(text: &'static str) -> LocalBoxFuture<'static, Result<u8, String>> {
        boxed(text)
    }
    for make in [as_it_is, of_a_block, of_statements] {
        let trace = spans_of(|| assert_eq!(block_on(make("7")), Ok(7)));
        assert_eq!(observed(&trace), pairs([("value", Value::I64(7))]));
        let trace = spans_of(|| assert_eq!(block_on(make("x")), Err("x".to_owned())));
        assert_eq!(observed(&trace), pairs([("refusal", "x".into())]));
    }
}

thread_local! {
    static ASKED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

fn ask<T>(what: &'static str, value: T) -> T {
    ASKED.with_borrow_mut(|asked| asked.push(what));
    value
}

#[traced(ok(value = |value| ask("ok", *value)), err(error = |error| ask("err", *error)))]
fn asking(end: u8) -> Result<u8, u8> {
    match end {
        0 => Ok(1),
        1 => Err(2),
        _ => panic!("on purpose"),
    }
}

#[traced(ok(value = |value| ask("ok", *value)), err(error = |error| ask("err", *error)))]
async fn asking_later(end: u8) -> Result<u8, u8> {
    give_way().await;
    asking(end)
}

/// What was asked while `work` ran.
fn asked(work: impl FnOnce()) -> Vec<&'static str> {
    spans_of(work);
    ASKED.take()
}

#[test]
fn nothing_is_evaluated_for_an_end_that_did_not_come() {
    assert_eq!(asked(|| assert_eq!(asking(0), Ok(1))), ["ok"]);
    assert_eq!(asked(|| assert_eq!(asking(1), Err(2))), ["err"]);
    assert_eq!(asked(|| drop(catch_unwind(|| asking(2)))), [""; 0]);
    assert_eq!(asked(|| assert_eq!(block_on(asking_later(0)), Ok(1))), ["ok", "ok"]);
    assert_eq!(asked(|| drop(catch_unwind(|| block_on(asking_later(2))))), [""; 0]);
    assert_eq!(asked(|| assert!(poll_once(pin!(asking_later(1))).is_pending())), [""; 0]);
}

#[test]
fn nothing_is_evaluated_where_no_span_records() {
    let dropped = SpanContext::new(
        TraceId::from(1),
        SpanId::from(2),
        TraceFlags::default(),
        true,
        TraceState::default(),
    );
    let context = Context::new().with_remote_span_context(dropped);
    let of_dropped = || {
        let _attached = context.attach();
        assert_eq!((asking(0), asking(1)), (Ok(1), Err(2)));
        assert_eq!(block_on(asking_later(0)), Ok(1));
    };
    assert_eq!(asked(of_dropped), [""; 0]);
}

fn broken() -> u8 {
    panic!("on purpose")
}

#[traced(ok(value = |()| broken()))]
#[counted]
fn panics_when_asked() -> Result<(), String> {
    Ok(())
}

#[traced(ok(value = |()| broken()))]
#[counted]
async fn panics_later_when_asked() -> Result<(), String> {
    give_way().await;
    Ok(())
}

#[test]
fn a_panic_of_an_observer_is_none_of_the_call() {
    let trace = spans_of(|| {
        let around = current_id();
        assert_eq!(panics_when_asked(), Ok(()));
        assert_eq!(block_on(panics_later_when_asked()), Ok(()));
        assert_eq!(panics_before(1), 1);
        assert_eq!(named_by_a_panic(), Err(1));
        assert_eq!(current_id(), around);
    });
    for name in ["panics_when_asked", "panics_later_when_asked"] {
        assert_eq!(error_type(trace.named(name)), None, "{name}");
        assert_eq!(total("function.calls", name, None), 1, "{name}");
    }
    assert_eq!(attribute(trace.named("panics_before"), "before"), Some(1.into()));
    assert_eq!(error_type(trace.named("named_by_a_panic")).as_deref(), Some("u8"));
}

#[traced(attributes(before = number, value = broken(), after = number))]
fn panics_before(number: u8) -> u8 {
    number
}

#[traced(error_type = |_| panic!("on purpose"))]
fn named_by_a_panic() -> Result<(), u8> {
    Err(1)
}
