#![deny(warnings)]

use cryostorm::timed;

#[timed]
fn no_options() {}

#[timed(name = "orders.charged/v2_all-regions")]
fn name() {}

#[timed(attributes(channel = "web", retried = retried))]
fn attributes(retried: bool) -> Result<bool, String> {
    Ok(retried)
}

#[timed(crate = ::cryostorm, name = "a", attributes(retried = *retried,),)]
async fn all(retried: &bool) -> Result<bool, String> {
    Ok(*retried)
}

fn main() {
    no_options();
    name();
    assert_eq!(attributes(true), Ok(true));
    assert_eq!(futures::executor::block_on(all(&true)), Ok(true));
}
