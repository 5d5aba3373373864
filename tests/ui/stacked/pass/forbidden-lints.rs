//! A crate may forbid what an expansion would have to allow.
#![forbid(warnings, unused, unused_imports, unused_variables, unused_mut, unused_braces, unused_parens)]
#![forbid(unsafe_code, unreachable_code, dead_code, missing_docs, unused_qualifications, unused_results)]
#![forbid(clippy::all, clippy::pedantic, clippy::nursery, clippy::unwrap_used, clippy::panic)]
#![forbid(nonstandard_style, rust_2018_idioms, elided_lifetimes_in_paths)]

use cryostorm::{counted, timed, traced};
use futures::executor::block_on;
use std::future::Future;

#[traced]
#[counted]
#[timed]
fn nothing() {}

#[timed(in_flight, buckets = [0.1, 1])]
#[traced(attributes(text = text), ok(number = |number| number), err(error = |error| error.to_string()))]
#[counted(name = "numbers")]
fn number(text: &str) -> Result<u32, std::num::ParseIntError> {
    text.parse()
}

#[counted]
#[traced]
async fn in_a_future(text: &str) -> Result<u32, std::num::ParseIntError> {
    number(text)
}

#[traced]
#[timed]
fn opaque(number: u32) -> impl Future<Output = u32> {
    async move { number }
}

#[counted]
#[cryostorm::traced]
async fn never() -> ! {
    std::process::exit(0)
}

struct Shop(Option<u8>);

#[traced]
#[counted]
impl Shop {
    #[timed]
    fn charge(&self) -> Option<u8> {
        self.0
    }
}

/// Calls them all.
pub fn main() {
    nothing();
    assert_eq!(number("1"), Ok(1));
    assert_eq!(block_on(in_a_future("1")), Ok(1));
    assert_eq!(block_on(opaque(1)), 1);
    assert_eq!(Shop(None).charge(), None);
    let _: fn() -> _ = never;
}
