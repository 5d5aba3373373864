//! Functions that are done when their future is.

use std::fmt::Display;
use std::future::Future;
use std::pin::Pin;

use cryostorm::{counted, timed, traced};
use cryostorm_tests::trace::give_way;
use futures::FutureExt as _;
use futures::future::{BoxFuture, LocalBoxFuture};

use crate::ending::{Broken, Caller, End, Output, Shape, ending, leaf, unfailing};

pub fn shapes() -> Vec<Shape> {
    let lazy = |path, call| Shape { path, ends: End::OF_ASYNC, caller: Caller::Lazy(call) };
    let eager = |path, call| Shape { path, ends: End::OF_ASYNC, caller: Caller::Eager(call) };
    let unfailing = |path, call| Shape {
        path,
        ends: &[End::Return, End::Early, End::Panic, End::HalfWay, End::Unpolled],
        caller: Caller::Lazy(call),
    };
    vec![
        lazy("asynchronous::free", |end| free(end).boxed_local()),
        lazy("asynchronous::aliased", |end| aliased(end).boxed_local()),
        lazy("asynchronous::generic", |end| generic(end, "text").map(|it| it.map(|_| 0)).boxed_local()),
        lazy("asynchronous::method", |end| async move { Thing.method(end).await }.boxed_local()),
        lazy("asynchronous::in_trait", |end| async move { Thing.in_trait(end).await }.boxed_local()),
        lazy("asynchronous::provided", |end| async move { Thing.provided(end).await }.boxed_local()),
        lazy("asynchronous::boxed_by_macro", |end| {
            async move { Thing.boxed_by_macro(end).await }.boxed_local()
        }),
        lazy("asynchronous::Thing::in_block", |end| async move { Thing.in_block(end).await }.boxed_local()),
        lazy("asynchronous::opaque_inside", |end| opaque_inside(end).map(|it| it.map(|_| 0)).boxed_local()),
        lazy("asynchronous::in_macro", |end| in_macro(end).boxed_local()),
        lazy("asynchronous::dangerous", |end| unsafe { dangerous(end) }.boxed_local()),
        lazy("asynchronous::of_a_block", |end| of_a_block(end).boxed_local()),
        lazy("asynchronous::of_a_pinned_block", |end| of_a_pinned_block(end)),
        lazy("asynchronous::of_a_block_in_a_box", |end| of_a_block_in_a_box(end)),
        eager("asynchronous::of_statements", |end| of_statements(end).boxed_local()),
        eager("asynchronous::of_pinned_statements", |end| of_pinned_statements(end)),
        eager("asynchronous::of_boxed_statements", |end| of_boxed_statements(end)),
        eager("asynchronous::of_local_statements", of_local_statements),
        eager("asynchronous::of_another_function", |end| of_another_function(end).boxed_local()),
        unfailing("asynchronous::unit", |end| unit(end).map(|()| Ok(0)).boxed_local()),
        unfailing("asynchronous::optional", |end| optional(end).map(|it| Ok(it.unwrap_or(0))).boxed_local()),
        unfailing("asynchronous::opaque", |end| opaque(end).map(|_| Ok(0)).boxed_local()),
        Shape {
            path: "asynchronous::diverging",
            ends: &[End::Panic, End::HalfWay, End::Unpolled],
            caller: Caller::Lazy(|end| async move { diverging(end).await }.boxed_local()),
        },
    ]
}

/// The rest of an asynchronous body that may fail.
macro_rules! later {
    ($end:expr) => {{
        leaf();
        give_way().await;
        ending!($end)
    }};
}

/// The rest of an asynchronous body that cannot.
macro_rules! later_unfailing {
    ($end:expr, $value:expr) => {{
        leaf();
        give_way().await;
        unfailing!($end, $value)
    }};
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
async fn free(end: End) -> Output {
    later!(end)
}

type Aliased<T> = std::result::Result<T, Broken>;

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
async fn aliased(end: End) -> Aliased<u32> {
    later!(end)
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
async fn generic<T: AsRef<str>>(end: End, text: T) -> Result<T, Broken> {
    leaf();
    give_way().await;
    ending!(end, text)
}

struct Thing;

impl Thing {
    #[traced(attributes(end = ?end))]
    #[counted]
    #[timed]
    async fn method(&mut self, end: End) -> Output {
        later!(end)
    }
}

trait Native {
    async fn in_trait(&self, end: End) -> Output;

    #[traced(attributes(end = ?end))]
    #[counted]
    #[timed]
    async fn provided(&self, end: End) -> Output {
        later!(end)
    }
}

impl Native for Thing {
    #[traced(attributes(end = ?end))]
    #[counted]
    #[timed]
    async fn in_trait(&self, end: End) -> Output {
        later!(end)
    }
}

#[async_trait::async_trait]
trait Boxed {
    async fn boxed_by_macro(&self, end: End) -> Output;
}

#[async_trait::async_trait]
impl Boxed for Thing {
    #[traced(attributes(end = ?end))]
    #[counted]
    #[timed]
    async fn boxed_by_macro(&self, end: End) -> Output {
        later!(end)
    }
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
impl Thing {
    async fn in_block(self, end: End) -> Output {
        later!(end)
    }
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
async fn opaque_inside(end: End) -> Result<impl Display, Broken> {
    leaf();
    give_way().await;
    ending!(end)
}

macro_rules! made {
    ($name:ident, $argument:ident: $ty:ty, $output:ty, $body:expr) => {
        #[traced(attributes(end = ?$argument))]
        #[counted]
        #[timed]
        async fn $name($argument: $ty) -> $output {
            $body
        }
    };
}
made!(in_macro, end: End, Output, later!(end));

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
async unsafe fn dangerous(end: End) -> Output {
    later!(end)
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
fn of_a_block(end: End) -> impl Future<Output = Output> + Send {
    async move { later!(end) }
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
fn of_a_pinned_block(end: End) -> Pin<Box<dyn Future<Output = Output> + Send>> {
    Box::pin(async move { later!(end) })
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
fn of_a_block_in_a_box(end: End) -> BoxFuture<'static, Output> {
    Box::pin(async move { later!(end) })
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
fn of_statements(end: End) -> impl Future<Output = Output> {
    leaf();
    async move {
        give_way().await;
        ending!(end)
    }
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
fn of_pinned_statements(end: End) -> Pin<Box<dyn Future<Output = Output>>> {
    leaf();
    Box::pin(async move {
        give_way().await;
        ending!(end)
    })
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
fn of_boxed_statements(end: End) -> BoxFuture<'static, Output> {
    leaf();
    let future = async move {
        give_way().await;
        ending!(end)
    };
    future.boxed()
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
fn of_local_statements(end: End) -> LocalBoxFuture<'static, Output> {
    leaf();
    let future = async move {
        give_way().await;
        ending!(end)
    };
    future.boxed_local()
}

async fn unannotated(end: End) -> Output {
    give_way().await;
    ending!(end)
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
fn of_another_function(end: End) -> impl Future<Output = Output> {
    leaf();
    unannotated(end)
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
async fn unit(end: End) {
    later_unfailing!(end, Default::default())
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
async fn optional(end: End) -> Option<u32> {
    later_unfailing!(end, None)
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
async fn opaque(end: End) -> impl Display {
    later_unfailing!(end, 1)
}

#[traced(attributes(end = ?end))]
#[counted]
#[timed]
async fn diverging(end: End) -> ! {
    leaf();
    give_way().await;
    panic!("on purpose: {end:?}")
}
