#![deny(warnings)]

use cryostorm::traced;

#[traced]
fn charge(unused_argument: u32) -> u32 {
    let unused_variable = 1;
    2
}

fn main() {}
