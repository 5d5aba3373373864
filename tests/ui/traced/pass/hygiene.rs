#![deny(warnings)]
#![no_implicit_prelude]
#![allow(dead_code, unused_macros, non_camel_case_types, non_upper_case_globals)]

use ::cryostorm::{counted, timed, traced};

struct Option;
struct Result;
struct Some;
struct None;
struct Ok;
struct Err;
struct String;
struct Box;
struct Vec;
struct Pin;
struct Future;
struct Stream;
struct Send;
struct Call;
struct CallSite;
struct CallFuture;
struct Outcome;
struct Attributes;
struct SpanSite;
struct SpanKind;
struct Metric;
struct On;
struct SITE;
struct u64;
struct str;
struct bool;
const CALLS: u8 = 0;
const NEW: u8 = 0;

const value: u8 = 0;
const failure: u8 = 0;
const made: u8 = 0;

fn once() {}
fn returned() {}
fn buckets() {}
fn metric_name() {}

mod cryostorm {}
mod core {}
mod std {}
mod alloc {}
mod __private {}
mod outcome {}

macro_rules! concat {
    () => {};
}
macro_rules! line {
    () => {};
}
macro_rules! file {
    () => {};
}
macro_rules! module_path {
    () => {};
}
macro_rules! format {
    () => {};
}

type Number = ::core::primitive::u64;
type Fallible = ::core::result::Result<Number, String>;

#[timed]
#[traced(attributes(id = id, call = call, attributes = ?attributes, output = %output))]
#[counted]
fn names_of_the_expansion(id: Number, call: Number, attributes: Number, output: Number) -> Result {
    let _ = (id, call, attributes, output);
    Result
}

#[traced(attributes(id = id))]
#[counted]
#[timed]
async fn in_a_future(id: Number, output: Number) -> Fallible {
    ::core::result::Result::Ok(id + output)
}

#[traced]
fn unit() {}

#[traced(kind = Client)]
fn never() -> ! {
    loop {}
}

#[traced]
async fn never_in_a_future() -> ! {
    loop {}
}

mod names {
    pub const SPAN: &::core::primitive::str = "charge";
    pub const COUNTER: &::core::primitive::str = "orders";
    pub const HISTOGRAM: &::core::primitive::str = "orders.duration";
    pub const GAUGE: &::core::primitive::str = "orders.active";
    pub const SCOPE: &::core::primitive::str = "shop";
    pub const REFUSED: &::core::primitive::str = "refused";
    pub const BUCKETS: [::core::primitive::f64; 2] = [1.0, 2.0];
}

mod renamed {
    pub use ::cryostorm as telemetry;
}

#[traced(
    name = "charge {order} {other:?}",
    kind = Producer,
    attributes(order = order, shown = %order, debug = ?order),
    links = [::cryostorm::current_span()],
    context = ::cryostorm::opentelemetry::Context::new(),
    ok(value = |output| output, text = %|output| output),
    err(debug_error = ?|_| 1),
    error_type = |_| names::REFUSED,
    record_error = both,
    if = order > other,
    tracer = names::SCOPE,
    crate = renamed::telemetry,
)]
#[counted(name = names::COUNTER, description = "Orders.", unit = "{order}", attributes(web = true), on = ok, by = order)]
#[timed(
    name = names::HISTOGRAM,
    unit = "ms",
    attributes(web = true),
    buckets = names::BUCKETS,
    in_flight = names::GAUGE
)]
fn every_option(order: Number, other: Number) -> Fallible {
    ::core::result::Result::Ok(order)
}

#[traced(name = names::SPAN, root, ok(value = |output| output), error_type = names::REFUSED, crate = renamed::telemetry)]
#[counted(on = err)]
#[timed(buckets = [1, 2], in_flight)]
async fn other_options(order: Number) -> ::core::option::Option<Number> {
    ::core::option::Option::Some(order)
}

#[traced(ok(value = |output| output))]
#[counted]
#[timed]
fn observed_future(order: Number) -> impl ::core::future::Future<Output = Fallible> {
    ::core::future::ready(::core::result::Result::Ok(order))
}

#[traced]
#[counted]
#[timed]
fn boxed_future(
    order: Number,
) -> ::core::pin::Pin<::std::boxed::Box<dyn ::core::future::Future<Output = Fallible>>> {
    ::std::boxed::Box::pin(::core::future::ready(::core::result::Result::Ok(order)))
}

#[traced]
#[counted]
#[timed]
fn async_block(
    order: Number,
) -> ::core::pin::Pin<::std::boxed::Box<dyn ::core::future::Future<Output = Fallible>>> {
    ::std::boxed::Box::pin(async move { ::core::result::Result::Ok(order) })
}

#[traced]
#[counted]
#[timed]
fn stream() -> ::futures::stream::BoxStream<'static, Fallible> {
    ::std::boxed::Box::pin(::futures::stream::empty())
}

#[traced(error_type = names::REFUSED)]
#[counted]
#[timed]
fn opaque_stream() -> impl ::futures::stream::Stream<Item = Fallible> {
    ::futures::stream::empty()
}

fn main() {
    names_of_the_expansion(1, 2, 3, 4);
    ::core::mem::drop(in_a_future(1, 2));
    unit();
    let _ = (every_option(1, 2), other_options(1), observed_future(1), boxed_future(1), async_block(1));
    let _ = (stream(), opaque_stream());
}
