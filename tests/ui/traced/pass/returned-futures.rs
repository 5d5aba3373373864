// Functions that return a future of their own making.
#![deny(warnings)]

use cryostorm::traced;
use std::future::Future;
use std::pin::Pin;

struct Failed;

impl From<std::num::ParseIntError> for Failed {
    fn from(_: std::num::ParseIntError) -> Self {
        Self
    }
}

#[traced]
fn opaque(text: String) -> impl Future<Output = Result<u32, Failed>> + Send {
    let text = text + "0";
    // The error's type is known from the signature alone.
    async move { Ok(text.parse::<u32>()?) }
}

#[traced(attributes(text = text))]
fn borrowing<'a>(text: &'a str) -> impl Future<Output = usize> + Send + 'a {
    async move { text.len() }
}

#[traced]
fn boxed<'a>(text: &'a str) -> Pin<Box<dyn Future<Output = &'a str> + Send + 'a>> {
    if text.is_empty() {
        return Box::pin(async { "nothing" });
    }
    Box::pin(async move { text })
}

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

#[traced]
fn aliased(depth: u32) -> BoxFuture<'static, u32> {
    Box::pin(async move { if depth == 0 { 0 } else { aliased(depth - 1).await + 1 } })
}

// A future inside is not what is returned.
#[traced]
fn of_futures() -> Vec<Box<dyn Future<Output = u32>>> {
    Vec::new()
}

fn is_send<T: Send>(value: T) -> T {
    value
}

fn main() {
    drop((is_send(opaque(String::new())), is_send(borrowing("a")), is_send(boxed("b")), is_send(aliased(2))));
    drop(of_futures());
}
