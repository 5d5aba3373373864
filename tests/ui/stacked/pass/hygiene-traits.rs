//! Methods of a user's that every value has are never those that an expansion calls, whatever they are named.
#![deny(warnings)]
#![allow(dead_code)]

use cryostorm::opentelemetry::{Context, trace::SpanContext};
use cryostorm::{counted, timed, traced};
use futures::executor::block_on;
use futures::future::{BoxFuture, ready};
use futures::stream::{BoxStream, Empty, Stream, empty};

macro_rules! traits {
    ($($name:ident)*) => {
        trait ByValue: Sized {
            $(fn $name(self) -> ! { unreachable!() })*
        }
        trait ByReference {
            $(fn $name(&self, _: ()) -> ! { unreachable!() })*
        }
        trait ByMutableReference {
            $(fn $name(&mut self, _: (), _: ()) -> ! { unreachable!() })*
        }
        trait Associated {
            const NEW: () = ();
            const CALLS: () = ();
            const DURATION: () = ();
            const IN_FLIGHT: () = ();
        }
        impl<T> ByValue for T {}
        impl<T: ?Sized> ByReference for T {}
        impl<T: ?Sized> ByMutableReference for T {}
        impl<T: ?Sized> Associated for T {}
    };
}

traits! {
    attributes buckets by call context counted deref deref_mut drive drop end enter err failure finish format from
    into into_future into_iter into_link into_value judge links map metric_name name new next note observe of of_type
    ok once pin poll poll_next prepare returned run settle settled span spanned start timed to_value try_into unfailing
    within
}

#[traced(
    name = "charge {order}",
    attributes(order = order, shown = %order, debug = ?order),
    links = [&link],
    context = Context::new(),
    if = order > 0,
    ok(value = |value| value, text = %|value| value),
    err(error = |error| error),
    error_type = |_| "refused",
)]
#[counted(attributes(web = true), by = order)]
#[timed(attributes(web = true), buckets = [1, 2], in_flight)]
fn every_option(order: u64, link: SpanContext) -> Result<u64, String> {
    Ok(order)
}

#[traced]
#[counted]
#[timed]
fn nothing() {}

#[traced]
#[counted]
#[timed]
fn fallible(order: u64) -> Result<u64, String> {
    Ok(order)
}

#[traced(error_type = "none", ok(value = |value| value))]
#[counted]
#[timed]
fn optional(order: u64) -> Option<u64> {
    Some(order)
}

#[traced]
#[counted]
#[timed]
async fn infallible_in_a_future() -> u64 {
    1
}

#[traced]
#[counted]
#[timed]
async fn in_a_future(order: u64) -> Result<u64, String> {
    Ok(order)
}

#[traced(ok(value = |value| value), err(error = |error| error), error_type = |_| "refused")]
#[counted]
#[timed]
async fn observed_in_a_future(order: u64) -> Result<u64, String> {
    Ok(order)
}

#[traced]
#[counted]
#[timed]
fn future(order: u64) -> impl Future<Output = Result<u64, String>> {
    ready(Ok(order))
}

#[traced]
#[counted]
#[timed]
fn async_block(order: u64) -> BoxFuture<'static, Result<u64, String>> {
    Box::pin(async move { Ok(order) })
}

#[traced(ok(value = |value| value))]
#[counted]
#[timed]
fn observed_future(order: u64) -> BoxFuture<'static, Result<u64, String>> {
    Box::pin(ready(Ok(order)))
}

#[traced]
#[counted]
#[timed]
fn stream() -> impl Stream<Item = Result<u64, String>> {
    empty()
}

#[traced(error_type = |_| "refused")]
#[counted]
#[timed]
fn boxed_stream() -> BoxStream<'static, Result<u64, String>> {
    let stream: Empty<_> = empty();
    Box::pin(stream)
}

fn main() {
    assert_eq!(every_option(1, SpanContext::NONE), Ok(1));
    nothing();
    assert_eq!(fallible(1), Ok(1));
    assert_eq!(optional(1), Some(1));
    block_on(async {
        assert_eq!(infallible_in_a_future().await, 1);
        assert_eq!(in_a_future(1).await, Ok(1));
        assert_eq!(observed_in_a_future(1).await, Ok(1));
        assert_eq!(future(1).await, Ok(1));
        assert_eq!(async_block(1).await, Ok(1));
        assert_eq!(observed_future(1).await, Ok(1));
    });
    let _ = (stream(), boxed_stream());
}
