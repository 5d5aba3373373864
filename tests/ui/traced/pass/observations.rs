// `ok(..)` and `err(..)`.
#![deny(warnings)]

use cryostorm::traced;
use std::fmt::Debug;
use std::ops::ControlFlow;
use std::task::Poll;

#[derive(Debug)]
struct Receipt {
    id: u64,
    lines: Vec<String>,
}

#[derive(Debug)]
struct Refused {
    code: i32,
    reason: String,
}

fn code(refused: &Refused) -> i32 {
    refused.code
}

#[traced(
    ok(
        id = |receipt| receipt.id,
        first.line = |receipt| receipt.lines.first(),
        lines = |Receipt { lines, .. }| lines.len(),
        typed = |receipt: &Receipt| -> u64 { receipt.id },
        shown = %|receipt| receipt.id,
        all = ?|receipt| receipt,
    ),
    err(code = code, reason = |error| error.reason.as_str(), all = ?|error| error),
)]
fn charge(id: u64) -> Result<Receipt, Refused> {
    match id {
        0 => Err(Refused { code: 1, reason: "no".to_owned() }),
        id => Ok(Receipt { id, lines: vec!["one".to_owned()] }),
    }
}

#[traced(attributes(argument = id), ok(id = |receipt| receipt.id), err(code = code))]
async fn in_a_future(id: u64) -> Result<Receipt, Refused> {
    charge(id)
}

#[traced(ok(length = Vec::len, first = |items| items.first().copied()))]
fn without_result() -> Vec<u8> {
    vec![1]
}

#[traced(ok(length = |text| text.len()))]
fn reference(text: &str) -> &str {
    text
}

#[traced(ok(value = |value| value))]
fn primitive() -> u32 {
    7
}

#[traced(ok(done = |_| true))]
fn unit() {}

#[traced(ok(first = |bytes| bytes.clone().next()))]
fn opaque() -> impl Iterator<Item = u8> + Clone {
    1..2
}

#[traced(ok(first = |items| items.first().copied()))]
fn borrowed(items: &mut Vec<u8>) -> Result<&mut Vec<u8>, Refused> {
    items.push(1);
    Ok(items)
}

#[traced(ok(found = |value| value.is_some()))]
fn option() -> Option<u8> {
    None
}

#[traced(error_type = "missing", ok(found = |value| value))]
fn option_that_fails() -> Option<u8> {
    Some(1)
}

#[traced(error_type = "stopped", ok(value = |value| value))]
fn control_flow() -> ControlFlow<String, u8> {
    ControlFlow::Continue(1)
}

#[traced(ok(id = |receipt| receipt.id), err(code = code))]
fn poll() -> Poll<Option<Result<Receipt, Refused>>> {
    Poll::Ready(Some(charge(1)))
}

#[traced(ok(id = |receipt| receipt.id))]
fn future() -> impl Future<Output = Result<Receipt, Refused>> {
    async { charge(1) }
}

#[traced(ok(id = ?|value| value), err(code = code))]
fn generic<T: Debug>(value: T) -> Result<T, Refused> {
    Ok(value)
}

#[traced(err(text = |error| error.to_string()))]
fn boxed_error() -> Result<(), Box<dyn std::error::Error>> {
    Err("no".into())
}

fn main() {
    assert_eq!(charge(1).unwrap().id, 1);
    assert_eq!(charge(0).unwrap_err().reason, "no");
    assert_eq!(without_result().len(), 1);
    assert_eq!(reference("a"), "a");
    assert_eq!(primitive(), 7);
    unit();
    assert_eq!(opaque().count(), 1);
    assert_eq!(borrowed(&mut vec![]).unwrap().len(), 1);
    assert_eq!(option(), None);
    assert_eq!(option_that_fails(), Some(1));
    assert!(control_flow().is_continue());
    assert!(poll().is_ready());
    assert_eq!(generic(1).unwrap(), 1);
    assert!(boxed_error().is_err());
    futures::executor::block_on(async {
        assert_eq!(in_a_future(1).await.unwrap().id, 1);
        assert_eq!(future().await.unwrap().id, 1);
    });
}
