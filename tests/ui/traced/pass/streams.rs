#![deny(warnings)]

use cryostorm::{counted, timed, traced};
use futures::stream::{BoxStream, LocalBoxStream, empty, iter, once};
use futures::{Stream, StreamExt};
use std::pin::Pin;
use std::rc::Rc;

#[traced(name = "numbers to {end}", attributes(end = end))]
fn numbers(end: u8) -> impl Stream<Item = u8> {
    iter(0..end)
}

#[traced]
#[counted]
#[timed(in_flight)]
fn results<'a>(texts: &'a [&'a str]) -> impl Stream<Item = Result<u32, std::num::ParseIntError>> + Send + 'a {
    iter(texts).map(|text| text.parse())
}

#[traced(error_type = "bad")]
fn named_errors() -> impl Stream<Item = Result<u8, String>> {
    once(async { Err("no".to_owned()) })
}

#[traced(error_type = |error| if error.is_empty() { "empty" } else { "other" })]
fn observed_errors() -> BoxStream<'static, Result<u8, String>> {
    once(async { Err("no".to_owned()) }).boxed()
}

#[traced]
fn boxed<'a>(texts: &'a [String]) -> BoxStream<'a, &'a str> {
    if texts.is_empty() {
        return Box::pin(empty());
    }
    iter(texts).map(String::as_str).boxed()
}

#[traced]
fn local() -> LocalBoxStream<'static, Rc<u8>> {
    iter([Rc::new(1)]).boxed_local()
}

#[traced]
fn pinned_box() -> Pin<Box<dyn futures::Stream<Item = u8> + Send>> {
    Box::pin(iter([1]))
}

// The type of its errors is known from the signature alone.
#[traced]
fn inferred<T: std::str::FromStr + Send + 'static>(texts: Vec<String>) -> BoxStream<'static, Result<T, T::Err>> {
    Box::pin(iter(texts).map(|text| Ok(text.parse()?)))
}

struct Log(Vec<String>);

impl Log {
    #[traced]
    fn lines(&self) -> impl Stream<Item = &str> + Send {
        iter(&self.0).map(String::as_str)
    }
}

#[traced]
async fn made_in_a_future() -> impl Stream<Item = u8> {
    iter([1, 2])
}

fn is_send<T: Send>(value: T) -> T {
    value
}

fn main() {
    futures::executor::block_on(async {
        assert_eq!(numbers(2).collect::<Vec<_>>().await, [0, 1]);
        assert_eq!(is_send(results(&["1", "x"])).count().await, 2);
        assert_eq!(named_errors().count().await, 1);
        assert_eq!(observed_errors().count().await, 1);
        assert_eq!(is_send(boxed(&["a".to_owned()])).count().await, 1);
        assert_eq!(local().count().await, 1);
        assert_eq!(pinned_box().count().await, 1);
        assert_eq!(inferred::<u8>(vec!["1".to_owned()]).next().await, Some(Ok(1)));
        assert_eq!(Log(vec![String::new()]).lines().count().await, 1);
        assert_eq!(made_in_a_future().await.count().await, 2);
    });
}
