// What stands in the body of a function that returns a future.
#![deny(warnings)]

use cryostorm::traced;
use futures::FutureExt;
use futures::future::{BoxFuture, LocalBoxFuture, Ready, ready};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

#[traced]
fn async_block() -> impl Future<Output = u8> {
    async { 1 }
}

#[traced]
fn async_move_block(text: String) -> impl Future<Output = usize> + Send {
    async move { text.len() }
}

#[traced]
fn statements(text: &str) -> impl Future<Output = usize> + use<> {
    let length = text.len();
    async move { length }
}

#[traced]
fn call(text: &str) -> impl Future<Output = usize> + use<> {
    statements(text)
}

#[traced]
fn combinators(number: u8) -> impl Future<Output = Result<u8, String>> + Send + 'static {
    ready(number).map(|number| Ok(number + 1))
}

#[traced]
fn without_output() -> impl Future + Send {
    ready(1)
}

#[traced]
fn qualified() -> impl core::future::Future<Output = Vec<Result<u8, String>>> {
    async { vec![Ok(1)] }
}

#[traced]
fn early_return(is_one: bool) -> impl Future<Output = u8> {
    if is_one {
        return ready(1);
    }
    ready(2)
}

#[traced]
fn early_return_of_a_box<'a>(text: &'a str) -> BoxFuture<'a, Result<usize, std::num::ParseIntError>> {
    if text.is_empty() {
        return Box::pin(async { Ok(0) });
    }
    async move { text.parse() }.boxed()
}

#[traced]
fn local(number: Rc<u8>) -> LocalBoxFuture<'static, Rc<u8>> {
    Box::pin(async move { number })
}

#[traced]
fn pinned_box() -> std::pin::Pin<std::boxed::Box<dyn std::future::Future<Output = u8> + Send>> {
    Box::pin(async { 1 })
}

#[traced]
fn pinned_box_of_a_reference<'a>(number: &'a u8) -> Pin<Box<dyn Future<Output = &'a u8> + 'a>> {
    Box::pin(async move { number })
}

#[traced]
fn named() -> Ready<Result<u8, String>> {
    ready(Ok(1))
}

#[traced]
fn list() -> Vec<BoxFuture<'static, Result<u8, String>>> {
    vec![ready(Ok(1)).boxed()]
}

#[traced]
fn pinned_reference<'a>(future: &'a mut Ready<u8>) -> Pin<&'a mut dyn Future<Output = u8>> {
    let pinned: Pin<&mut Ready<u8>> = Pin::new(future);
    pinned
}

#[traced]
fn statements_and_a_box(number: u8) -> BoxFuture<'static, Result<u8, String>> {
    if number == 0 {
        return ready(Err("zero".to_owned())).boxed();
    }
    let next = number + 1;
    Box::pin(async move { Ok(next) })
}

#[traced]
fn in_a_result(fails: bool) -> Result<impl Future<Output = u8>, String> {
    if fails { Err("no".to_owned()) } else { Ok(ready(1)) }
}

#[traced]
fn returns_in_the_block(number: u8) -> impl Future<Output = Result<u8, String>> {
    async move {
        if number == 0 {
            return Err("zero".to_owned());
        }
        let text = String::from_utf8(vec![number]).map_err(|error| error.to_string())?;
        Ok(text.len() as u8)
    }
}

fn main() {
    futures::executor::block_on(async {
        assert_eq!(async_block().await, 1);
        assert_eq!(async_move_block("ab".to_owned()).await, 2);
        assert_eq!(call("ab").await, 2);
        assert_eq!(combinators(1).await, Ok(2));
        without_output().await;
        assert_eq!(qualified().await, [Ok(1)]);
        assert_eq!(early_return(true).await, 1);
        assert_eq!(early_return_of_a_box("7").await, Ok(7));
        assert_eq!(local(Rc::new(1)).await, Rc::new(1));
        assert_eq!(pinned_box().await, 1);
        assert_eq!(pinned_box_of_a_reference(&2).await, &2);
        assert_eq!(named().await, Ok(1));
        assert_eq!(list().remove(0).await, Ok(1));
        assert_eq!(pinned_reference(&mut ready(1)).await, 1);
        assert_eq!(statements_and_a_box(1).await, Ok(2));
        assert_eq!(in_a_result(false).unwrap().await, 1);
        assert_eq!(returns_in_the_block(65).await, Ok(1));
    });
}
