//! Types that speak of futures and streams without being one, and futures of what has no name.
#![deny(warnings)]

use cryostorm::{counted, traced};
use futures::future::{BoxFuture, FutureExt as _};
use futures::stream::BoxStream;
use std::fmt::Display;
use std::future::{Future, ready};
use std::pin::Pin;

struct Held {
    future: Pin<Box<dyn Future<Output = u8>>>,
    items: BoxStream<'static, u8>,
}

#[traced]
impl Held {
    fn items(&mut self) -> &mut BoxStream<'static, u8> {
        &mut self.items
    }

    fn future(&self) -> &Pin<Box<dyn Future<Output = u8>>> {
        &self.future
    }
}

trait Service {
    type Future: Future<Output = u8>;

    fn call(&self) -> Self::Future;
}

#[traced]
fn caller<S: Service>(service: S) -> impl Fn() -> S::Future {
    move || service.call()
}

#[traced]
fn pointer() -> fn() -> BoxFuture<'static, u8> {
    || ready(1).boxed()
}

#[traced]
fn of_no_name(text: &str) -> impl Future<Output = impl Display> {
    async move { format!("{text}!") }
}

#[traced]
fn of_no_name_made_before(text: &str) -> impl Future<Output = impl Display> {
    let text = format!("{text}!");
    async move { text }
}

#[traced]
fn of_a_result_of_no_name(number: u8) -> impl Future<Output = Result<impl Display, String>> {
    async move { if number > 0 { Ok(number) } else { Err("zero".to_owned()) } }
}

#[counted(attributes(port = 80_u16, letter = 'c', share = 0.5_f32))]
fn typed_literals() {}

struct Ready;

impl Service for Ready {
    type Future = std::future::Ready<u8>;

    fn call(&self) -> Self::Future {
        ready(2)
    }
}

fn main() {
    let mut held = Held { future: Box::pin(ready(1)), items: Box::pin(futures::stream::empty()) };
    let _ = held.items().as_mut();
    let _ = held.future();
    let run = futures::executor::block_on::<std::future::Ready<u8>>;
    assert_eq!(run(caller(Ready)()), 2);
    assert_eq!(futures::executor::block_on(pointer()()), 1);
    assert_eq!(futures::executor::block_on(of_no_name("a")).to_string(), "a!");
    assert_eq!(futures::executor::block_on(of_no_name_made_before("a")).to_string(), "a!");
    assert_eq!(futures::executor::block_on(of_a_result_of_no_name(1)).map(|shown| shown.to_string()), Ok("1".to_owned()));
    typed_literals();
}
