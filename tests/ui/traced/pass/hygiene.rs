#![no_implicit_prelude]
#![allow(dead_code, unused_macros)]

use ::cryostorm::{counted, timed, traced};

struct Option;
struct Result;
struct Some;
struct None;
struct Ok;
struct Err;
struct String;
struct Box;
struct Future;
struct Call;
struct CallSite;
struct Outcome;
struct Attributes;
struct SpanKind;
struct SITE;
const CALLS: u8 = 0;

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

#[timed]
#[traced(attributes(id = id, call = call, attributes = ?attributes, output = %output))]
#[counted]
fn names_of_the_expansion(id: u64, call: u64, attributes: u64, output: u64) -> Result {
    let _ = (id, call, attributes, output);
    Result
}

#[traced(attributes(id = id))]
#[counted]
#[timed]
async fn in_a_future(id: u64, output: u64) -> ::core::result::Result<u64, String> {
    ::core::result::Result::Ok(id + output)
}

#[traced]
fn unit() {}

#[traced(kind = Client)]
fn never() -> ! {
    loop {}
}

fn main() {
    names_of_the_expansion(1, 2, 3, 4);
    ::core::mem::drop(in_a_future(1, 2));
    unit();
}
