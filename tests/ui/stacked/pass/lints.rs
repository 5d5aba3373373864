//! The strictest lints say nothing about an expansion, and still speak about the body in it.
#![deny(warnings, unused, unused_qualifications, clippy::all, clippy::pedantic, clippy::nursery)]
#![deny(clippy::absolute_paths, clippy::as_underscore, clippy::let_underscore_must_use, clippy::shadow_same)]

use cryostorm::opentelemetry::Context;
use cryostorm::{counted, current_span, timed, traced};
use futures::executor::block_on;
use futures::future::{BoxFuture, ready};
use futures::stream::{BoxStream, Stream, StreamExt, iter};
use std::num::ParseIntError;
use std::process::exit;

#[traced]
#[counted]
#[timed]
fn nothing() {}

#[traced(attributes(text = text, length = %text.len()))]
#[counted(attributes(channel = "web"))]
#[timed]
fn number(text: &str) -> Result<u32, ParseIntError> {
    if text.starts_with('x') {
        return Ok(0);
    }
    text.parse()
}

#[traced]
#[timed]
async fn asynchronous(text: &str) -> Result<u32, ParseIntError> {
    another().await;
    number(text)
}

#[counted]
async fn another() {}

#[traced]
fn never() -> ! {
    exit(0)
}

#[traced]
async fn never_in_a_future() -> ! {
    exit(0)
}

#[traced]
fn panics(fails: bool) -> u32 {
    assert!(!fails, "asked to");
    7
}

#[traced]
#[rustfmt::skip]
fn one_line(number: u32) -> Result<u32, ParseIntError> { Ok(number) }

#[traced]
#[rustfmt::skip]
fn one_line_of_nothing() { nothing() }

#[traced]
#[rustfmt::skip]
async fn one_line_in_a_future(number: u32) -> Result<u32, ParseIntError> { Ok(number) }

#[traced]
async fn item_first() -> u32 {
    const NUMBER: u32 = 1;
    another().await;
    NUMBER
}

#[traced]
fn opaque(numbers: &[u32]) -> impl Iterator<Item = &u32> {
    numbers.iter()
}

#[traced]
#[expect(unused_variables, reason = "shows that a lint still reaches the body")]
fn still_linted() -> u8 {
    let unused = 1;
    2
}

#[traced]
#[expect(clippy::needless_pass_by_value, reason = "shows that a lint still reaches the function as a whole")]
fn still_linted_as_a_whole(text: String) -> Result<u32, ParseIntError> {
    number(&text)
}

const NAME: &str = "orders";
const BUCKETS: [f64; 2] = [1.0, 2.0];

#[traced(
    name = "number {text}",
    kind = Client,
    attributes(text = text, length = %text.len(), debug = ?text),
    links = [current_span()],
    context = Context::new(),
    ok(value = |value| *value, value_text = %|value| value),
    err(error = ?|error| error),
    error_type = kind,
    record_error = both,
    if = !text.is_empty(),
    tracer = NAME
)]
#[counted(name = NAME, description = "Orders.", unit = "{order}", attributes(web = true), on = ok, by = text.len())]
#[timed(name = NAME, unit = "ms", attributes(web = true), buckets = BUCKETS, in_flight = NAME)]
fn every_option(text: &str) -> Result<u32, ParseIntError> {
    number(text)
}

const fn kind(_: &ParseIntError) -> &'static str {
    "refused"
}

#[traced(
    name = NAME,
    kind = Server,
    root,
    ok(value = |value| value),
    err(error = ?ParseIntError::kind),
    error_type = kind,
    record_error = log,
    tracer = NAME
)]
#[counted(on = err)]
#[timed(buckets = [1, 2.5], in_flight)]
async fn observed_in_a_future(text: &str) -> Result<u32, ParseIntError> {
    another().await;
    number(text)
}

#[traced(error_type = "none", ok(value = |value| value))]
#[counted(error_type = "none")]
fn optional(text: &str) -> Option<u32> {
    number(text).ok()
}

#[traced(ok(done = |()| true))]
fn nothing_observed() {
    nothing();
}

#[traced]
#[rustfmt::skip]
fn future(text: &str) -> impl Future<Output = Result<u32, ParseIntError>> + Send { ready(number(text)) }

#[traced]
#[allow(clippy::manual_async_fn, reason = "this is the shape that is shown")]
fn async_block(text: &str) -> impl Future<Output = Result<u32, ParseIntError>> + Send {
    async move { number(text) }
}

#[traced(ok(value = |value| value))]
fn boxed(text: &str) -> BoxFuture<'_, Result<u32, ParseIntError>> {
    Box::pin(async move { number(text) })
}

#[traced]
fn stream(numbers: &[u32]) -> impl Stream<Item = &u32> {
    iter(numbers)
}

#[traced(error_type = kind)]
fn boxed_stream(numbers: &[u32]) -> BoxStream<'_, Result<u32, ParseIntError>> {
    Box::pin(iter(numbers.iter().map(|number| Ok(*number))))
}

struct Counter(u32);

impl Counter {
    #[traced(attributes(count = u64::from(self.0)))]
    fn add(&mut self) -> &mut Self {
        self.0 += 1;
        self
    }
}

#[traced(attributes(kind = Self::KIND))]
#[counted]
impl Counter {
    const KIND: &'static str = "counter";

    #[cryostorm(skip)]
    const fn count(&self) -> u32 {
        self.0
    }

    #[timed]
    fn is_even(&self) -> bool {
        self.count().is_multiple_of(2)
    }
}

#[traced]
#[timed]
trait Shown {
    fn shown(&self) -> String;

    fn twice(&self) -> String {
        self.shown().repeat(2)
    }
}

#[traced]
#[timed]
impl Shown for Counter {
    fn shown(&self) -> String {
        self.0.to_string()
    }
}

/// Calls them.
pub fn main() {
    nothing();
    assert_eq!(number("1"), Ok(1));
    assert_eq!(block_on(asynchronous("x1")), Ok(0));
    assert_eq!(one_line(1), Ok(1));
    one_line_of_nothing();
    assert_eq!(block_on(one_line_in_a_future(1)), Ok(1));
    assert_eq!(block_on(item_first()), 1);
    assert_eq!(panics(false), 7);
    assert_eq!(opaque(&[1]).count(), 1);
    assert_eq!(still_linted(), 2);
    assert_eq!(still_linted_as_a_whole("1".to_owned()), Ok(1));
    assert_eq!(Counter(0).add().0, 1);
    assert!(Counter(2).is_even());
    assert_eq!(Counter(2).twice(), "22");
    assert_eq!(every_option("1"), Ok(1));
    assert_eq!(block_on(observed_in_a_future("1")), Ok(1));
    assert_eq!(optional("1"), Some(1));
    nothing_observed();
    assert_eq!(block_on(future("1")), Ok(1));
    assert_eq!(block_on(async_block("1")), Ok(1));
    assert_eq!(block_on(boxed("1")), Ok(1));
    assert_eq!(block_on(stream(&[1]).count()), 1);
    assert_eq!(block_on(boxed_stream(&[1]).count()), 1);
    let _: (fn() -> !, _) = (never, never_in_a_future);
}
