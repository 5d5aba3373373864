//! The feature `static-off`: annotated functions are as if they were not annotated.
//!
//! `cargo test -p cryostorm-tests --features cryostorm/static-off --test static_off`

#![deny(warnings, unused)]

use std::future::Future;
use std::mem::size_of_val;
use std::pin::Pin;

use cryostorm as telemetry;
use cryostorm::opentelemetry::Context;
use cryostorm::opentelemetry::trace::TraceContextExt as _;
use cryostorm::{Telemetry, counted, timed, traced};
use cryostorm_tests::installation::quiet;
use cryostorm_tests::trace::give_way;
use futures::executor::block_on;
use futures::{Stream, StreamExt as _};

// Constants, functions and parameters that nothing but an attribute uses.
const NAME: &str = "orders";
const BUCKETS: [f64; 2] = [0.1, 1.0];

fn unasked<T>(_: T) -> u64 {
    panic!("nobody asked")
}

fn kind(_: &String) -> &'static str {
    unreachable!("nobody asked")
}

#[traced(name = "charge {id}", attributes(id = unasked(id), channel = "web"), links = links, context = parent, if = unasked(id) > 0)]
#[counted(name = NAME, by = unasked(amount))]
#[timed(buckets = BUCKETS, in_flight)]
fn charge(id: u64, amount: u32, links: &[Context], parent: &Context, text: &str) -> Result<u32, String> {
    assert!(!cryostorm::current_span().span_context().is_valid());
    text.parse::<u32>().map_err(|_| "no number".to_owned())
}

#[traced(ok(value = |value| unasked(value) + offset), err(error = |error| unasked(error)), error_type = kind)]
fn observed(offset: u64, fails: bool) -> Result<u32, String> {
    if fails { Err("on purpose".to_owned()) } else { Ok(7) }
}

#[traced(attributes(text = unasked(&text)), ok(value = |value| unasked(value) + offset))]
async fn observed_later(offset: u64, text: String) -> Result<usize, String> {
    give_way().await;
    Ok(text.len())
}

#[traced(error_type = "absent", attributes(id = unasked(id)), ok(length = |text| text.len() + offset))]
fn observed_future(id: u64, offset: usize) -> impl Future<Output = Option<String>> + Send + 'static {
    async move { None }
}

#[traced(error_type = "absent", ok(length = |text| text.len() + offset))]
fn observed_box<'a>(
    text: &'a str,
    offset: usize,
) -> Pin<Box<dyn Future<Output = Option<&'a str>> + Send + 'a>> {
    Box::pin(async move { Some(text) })
}

#[traced(err(kind = |error| kind(error)))]
fn observed_lifetime(text: &str) -> Result<std::borrow::Cow<'_, str>, String> {
    Ok(text.into())
}

#[traced(error_type = kind, attributes(size = unasked(items.len())))]
fn items(items: &[Result<u8, String>]) -> impl Stream<Item = Result<u8, String>> {
    futures::stream::iter(items.to_vec())
}

// What is made of an opaque value is not checked, as nothing says what it is before the body does.
#[traced(ok(first = |items| items.clone().next()))]
fn opaque() -> Option<impl Iterator<Item = u64> + Clone> {
    Some([1, 2].into_iter())
}

#[counted(crate = telemetry)]
fn renamed() {}

#[traced]
fn never() -> ! {
    std::process::exit(0)
}

trait Shop {
    fn id(&self) -> u64;
    fn open(&mut self) -> Option<&mut u64>;
}

struct Kiosk(u64);

#[traced(attributes(shop.id = unasked(self.id())))]
#[counted]
impl Shop for Kiosk {
    #[cryostorm(skip)]
    fn id(&self) -> u64 {
        self.0
    }

    fn open(&mut self) -> Option<&mut u64> {
        self.0 += 1;
        Some(&mut self.0)
    }
}

#[derive(Clone, Copy, cryostorm::MetricAttribute)]
enum Size {
    Large,
}

#[cryostorm::metrics(prefix = "off", crate = telemetry)]
mod declared {
    use super::{Size, telemetry};

    pub fn sizes(size: Size, #[attribute(unbounded(limit = 9))] shop: &str) -> Counter<u64>;

    pub fn levels() -> Gauge<f64>;

    pub fn depth() -> ObservableGauge<u64>;
}

async fn plain(text: String) -> Result<usize, String> {
    give_way().await;
    Ok(text.len())
}

#[traced]
async fn bare(text: String) -> Result<usize, String> {
    give_way().await;
    Ok(text.len())
}

#[traced(name = "wait {text}", attributes(text = text.as_str()), ok(length = |length| *length))]
async fn named(text: String) -> Result<usize, String> {
    give_way().await;
    Ok(text.len())
}

#[test]
fn functions_do_their_work_and_record_nothing() {
    let telemetry = Telemetry::from_settings(quiet()).unwrap();
    let parent = Context::new();
    assert_eq!(charge(1, 2, &[Context::new()], &parent, "12"), Ok(12));
    assert!(charge(1, 2, &[], &parent, "x").is_err());
    assert_eq!((observed(1, false), observed(1, true)), (Ok(7), Err("on purpose".to_owned())));
    assert_eq!(block_on(observed_later(1, "ab".to_owned())), Ok(2));
    assert_eq!(block_on(observed_future(1, 2)), None);
    assert_eq!(block_on(observed_box("a", 1)), Some("a"));
    assert_eq!(observed_lifetime("a").as_deref(), Ok("a"));
    assert_eq!(block_on(items(&[Ok(1), Err(String::new())]).count()), 2);
    assert_eq!(opaque().unwrap().count(), 2);
    assert_eq!(Kiosk(6).open(), Some(&mut 7));
    renamed();
    let _: fn() -> ! = never;
    declared::sizes(Size::Large, "north").add(1);
    declared::levels().record(1.0);
    declared::depth().observe(|| unasked(1)).stop();
    declared::depth().observe(|| unasked(1));
    let span = telemetry.span("by hand").in_scope(|span| {
        assert_eq!(block_on(bare("abc".to_owned())), Ok(3));
        assert_eq!(Context::current().span().span_context(), &span.span_context(), "no other is in between");
        span.span_context()
    });
    telemetry.shutdown().unwrap();
    let memory = telemetry.in_memory();
    let ids: Vec<_> = memory.spans().into_iter().map(|recorded| recorded.span_context).collect();
    let metrics: Vec<_> = memory.metrics().into_iter().map(|point| point.name).collect();
    assert_eq!(
        (ids, metrics, memory.logs().len()),
        (vec![span], vec!["build_info".to_owned()], 0),
        "what is made by hand, and what is made without attributes"
    );
}

#[test]
fn futures_are_no_larger() {
    let text = String::new;
    let size = size_of_val(&plain(text()));
    assert_eq!((size_of_val(&bare(text())), size_of_val(&named(text()))), (size, size));
    assert_eq!(block_on(plain(text())), block_on(named(text())));
}
