// Attributes of other crates may have our names; items may have those of an expansion's variables.
#![allow(non_upper_case_globals)]
use cryostorm::{counted, traced};

mod other {
    // Any attribute that is not ours.
    pub use core::prelude::v1::test as timed;
}

const call: u8 = 6;
static output: u8 = 7;

trait Failing {
    fn failure(&self) -> u8 {
        0
    }
}

impl<T> Failing for T {}

#[traced]
#[counted]
fn uses() -> Result<u8, u8> {
    Ok(call + output)
}

// Stays for the compiler to expand: this is a test, and no part of a program.
#[traced]
#[other::timed]
fn tested() {}

fn main() {
    assert_eq!(uses().failure(), 0);
}
