#![deny(warnings)]

use cryostorm::traced;

#[traced]
fn charge(unused_argument: u32) -> u32 {
    let unused_variable = 1;
    2
}

#[traced]
async fn refund(unused_argument: u32) -> Result<u32, String> {
    let unused_variable = 1;
    Ok(2)
}

fn main() {}
