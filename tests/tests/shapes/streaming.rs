//! Functions that return streams, whose calls go on until those end.

use std::pin::Pin;

use cryostorm::{counted, timed, traced};
use futures::stream::{BoxStream, LocalBoxStream};
use futures::{Stream, StreamExt as _};

use crate::ending::{Broken, Caller, End, Output, Shape, leaf};

pub fn shapes() -> Vec<Shape> {
    let shape = |path, call| Shape {
        path,
        ends: &[End::Return, End::Question, End::Fail, End::Panic, End::HalfWay, End::Unpolled],
        caller: Caller::Stream(call),
    };
    vec![
        shape("streaming::opaque", |end| opaque(end).boxed_local()),
        shape("streaming::pinned", |end| pinned(end)),
        shape("streaming::boxed", |end| boxed(end)),
        shape("streaming::boxed_locally", boxed_locally),
        shape("streaming::method", |end| Source.method(end).boxed_local()),
        shape("streaming::Source::in_block", |end| Source.in_block(end).boxed_local()),
    ]
}

/// Two items; the second one is how it ends.
fn items(end: End) -> impl Stream<Item = Output> + Send {
    futures::stream::iter(0..2).map(move |item| match (item, end) {
        (0, _) => {
            leaf();
            Ok(0)
        }
        (_, End::Question | End::Fail) => Err(Broken),
        (_, End::Panic) => panic!("on purpose"),
        _ => Ok(1),
    })
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
fn opaque(end: End) -> impl Stream<Item = Output> + Send {
    items(end)
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
fn pinned(end: End) -> Pin<Box<dyn Stream<Item = Output> + Send>> {
    let items = items(end);
    Box::pin(items)
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
fn boxed(end: End) -> BoxStream<'static, Output> {
    items(end).boxed()
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
fn boxed_locally(end: End) -> LocalBoxStream<'static, Output> {
    return items(end).boxed_local();
}

struct Source;

impl Source {
    #[traced(attributes(end = ?end))]
    #[counted]
    #[timed]
    fn method(&self, end: End) -> impl Stream<Item = Output> + use<> {
        items(end)
    }
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
impl Source {
    fn in_block(&self, end: End) -> impl Stream<Item = Output> + use<> {
        items(end)
    }
}
