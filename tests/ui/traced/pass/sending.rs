// A future or stream is `Send`, `Sync` and `Unpin` where its body is.
#![deny(warnings)]

use cryostorm::{counted, timed, traced};
use futures::Stream;
use std::panic::UnwindSafe;
use std::pin::Pin;
use std::rc::Rc;

#[traced]
#[counted]
#[timed]
async fn nothing() {}

#[traced(attributes(text = &text), ok(length = |text| text.len()), err(error = |error| error.as_str()))]
async fn fallible(text: String) -> Result<String, String> {
    nothing().await;
    Ok(text)
}

// Its error is no part of the future.
#[traced]
async fn error_that_is_not_send() -> Result<(), Rc<String>> {
    Ok(())
}

#[traced(name = "{text}", context = cryostorm::opentelemetry::Context::new(), if = !text.is_empty())]
async fn with_context(text: &str) -> usize {
    nothing().await;
    text.len()
}

#[traced]
fn opaque() -> impl Future<Output = ()> {
    async { nothing().await }
}

#[traced(err(text = |error| error.as_str()))]
fn opaque_and_observed() -> impl Future<Output = Result<(), String>> {
    async { Ok(nothing().await) }
}

#[traced]
fn unpin() -> impl Future<Output = Result<u8, String>> {
    std::future::ready(Ok(1))
}

#[traced]
fn stream() -> impl Stream<Item = u8> {
    futures::stream::iter([1])
}

#[traced]
fn boxed() -> Pin<Box<dyn Future<Output = u8> + Send + Sync + UnwindSafe>> {
    Box::pin(async { 1 })
}

struct Service;

impl Service {
    #[traced]
    async fn call(&self) -> Result<(), std::io::Error> {
        fallible(String::new()).await.map_err(std::io::Error::other)?;
        Ok(())
    }
}

fn is_send<T: Send>(_: T) {}

fn is_sync<T: Sync>(_: T) {}

fn is_unpin<T: Unpin>(_: T) {}

fn main() {
    is_send(nothing());
    is_send(fallible(String::new()));
    is_send(error_that_is_not_send());
    is_send(with_context("a"));
    is_send(opaque());
    is_send(opaque_and_observed());
    is_send(unpin());
    is_send(stream());
    is_send(boxed());
    is_send(Service.call());
    is_sync(nothing());
    is_sync(fallible(String::new()));
    is_sync(opaque());
    is_sync(stream());
    is_unpin(unpin());
    is_unpin(stream());
}
