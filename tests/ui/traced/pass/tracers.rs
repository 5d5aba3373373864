#![deny(warnings)]

use cryostorm::traced;

const SHOP: &str = "shop";

#[traced(tracer = "shop.orders")]
fn literal() {}

#[traced(tracer = SHOP, name = SHOP)]
fn constant() -> Result<(), String> {
    Ok(())
}

#[traced(tracer = crate::SHOP)]
async fn in_a_future() {}

fn main() {
    literal();
    constant().unwrap();
    futures::executor::block_on(in_a_future());
}
