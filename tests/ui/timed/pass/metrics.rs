// What names and describes a histogram, and how it sorts durations.
#![deny(warnings)]

use cryostorm::timed;

const DURATION: &str = "shop.duration";
const BOUNDS: [f64; 3] = [0.1, 0.5, 1.0];

mod metrics {
    pub const BOUNDS: &[f64] = &[1.0];
    pub const IN_FLIGHT: &str = "shop.in_flight";
}

#[timed(name = DURATION, description = "Durations of charges.", unit = "ms")]
fn described() -> Result<(), String> {
    Ok(())
}

/// Becomes the description.
#[timed(name = "shop.refunds.duration", unit = "s")]
fn seconds() {}

#[timed(unit = "us")]
fn microseconds() {}

#[timed(unit = "ns")]
fn nanoseconds() {}

#[timed(unit = "min")]
fn minutes() {}

#[timed(unit = "h")]
fn hours() {}

#[timed(buckets = [0.1, 1, 2.5e1, 1_000, 0xffff])]
fn literals() {}

#[timed(name = "shop.a", buckets = BOUNDS)]
fn constant() {}

#[timed(name = "shop.b", buckets = crate::metrics::BOUNDS)]
async fn constant_by_path() {}

#[timed(in_flight)]
fn in_flight() {}

#[timed(in_flight = "shop.charges.in_flight")]
async fn in_flight_by_name() -> Result<(), String> {
    Ok(())
}

#[timed(in_flight = metrics::IN_FLIGHT, buckets = [0,], attributes(channel = "web"))]
fn in_flight_by_constant() -> impl Future<Output = ()> {
    async {}
}

#[timed(error_type = |error| if error.is_empty() { "empty" } else { "other" })]
fn error_type() -> Result<(), String> {
    Ok(())
}

fn main() {
    described().unwrap();
    seconds();
    microseconds();
    nanoseconds();
    minutes();
    hours();
    literals();
    constant();
    in_flight();
    error_type().unwrap();
    futures::executor::block_on(async {
        constant_by_path().await;
        in_flight_by_name().await.unwrap();
        in_flight_by_constant().await;
    });
}
