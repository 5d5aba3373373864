// What names and describes a counter, and what it counts.
#![deny(warnings)]

use cryostorm::{MetricAttribute, counted};

const CALLS: &str = "shop.calls";

enum Channel {
    Web,
    Phone,
}

impl MetricAttribute for Channel {
    fn to_value(&self) -> cryostorm::opentelemetry::Value {
        match self {
            Channel::Web => "web".into(),
            Channel::Phone => "phone".into(),
        }
    }
}

#[counted(name = CALLS)]
fn constant_name() {}

#[counted(name = crate::CALLS, description = "Charges.", unit = "{charge}")]
fn described() -> Result<(), String> {
    Ok(())
}

/// Becomes the description.
///
/// Not this.
#[counted(name = "shop.refunds")]
fn documented() {}

#[counted(on = call)]
fn every_call() {}

#[counted(on = ok)]
fn good_calls() -> Result<(), String> {
    Ok(())
}

#[counted(on = err)]
async fn failed_calls() -> Result<(), String> {
    Err("no".to_owned())
}

#[counted(name = "shop.bytes", unit = "By", by = body.len())]
fn length(body: &[u8]) -> usize {
    body.len()
}

#[counted(name = "shop.cents", by = cents)]
fn signed(cents: i32) -> i32 {
    cents
}

#[counted(name = "shop.large", by = *amount)]
async fn large(amount: &u128) -> u128 {
    *amount
}

#[counted(name = "shop.pairs", by = 2)]
fn literal() {}

#[counted(name = "shop.speed", unit = "By/s", by = 0x10_u8)]
fn suffixed() -> impl Future<Output = ()> {
    async {}
}

#[counted(attributes(channel = channel, static_text = text, number = 3, float = 1.5, negative = -1, flag = !flag))]
fn attributes(channel: Channel, text: &'static str, flag: bool) -> (Channel, &'static str, bool) {
    (channel, text, flag)
}

#[counted(error_type = "missing", on = err)]
fn missing() -> Option<u8> {
    None
}

fn main() {
    constant_name();
    described().unwrap();
    documented();
    every_call();
    good_calls().unwrap();
    assert_eq!(length(b"ab"), 2);
    assert_eq!(signed(-1), -1);
    literal();
    attributes(Channel::Web, "a", true);
    attributes(Channel::Phone, "a", true);
    assert_eq!(missing(), None);
    futures::executor::block_on(async {
        failed_calls().await.unwrap_err();
        large(&1).await;
        suffixed().await;
    });
}
