#![deny(warnings)]

use cryostorm::counted;

#[counted]
fn no_options() {}

#[counted(name = "orders.charged/v2_all-regions")]
fn name() {}

#[counted(attributes(channel = "web", retried = retried))]
fn attributes(retried: bool) -> Result<bool, String> {
    Ok(retried)
}

#[counted(crate = ::cryostorm, name = "a", attributes(retried = *retried,),)]
async fn all(retried: &bool) -> Result<bool, String> {
    Ok(*retried)
}

fn main() {
    no_options();
    name();
    assert_eq!(attributes(true), Ok(true));
    assert_eq!(futures::executor::block_on(all(&true)), Ok(true));
}
