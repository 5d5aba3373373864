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

#[traced(attributes(call = __cryostorm_call), ok(value = |__cryostorm_value| __cryostorm_value))]
#[counted]
fn variables(__cryostorm_call: u8, __cryostorm_output: u8) -> Result<u8, u8> {
    #[traced(ok(value = |__cryostorm_attributes| __cryostorm_attributes))]
    fn nested(__cryostorm_attributes: u8) -> Result<u8, u8> {
        Ok(__cryostorm_attributes)
    }
    let closure = |__cryostorm_value: u8| -> Result<u8, u8> { nested(__cryostorm_value + __cryostorm_call) };
    let __cryostorm_failure = closure(1)?;
    Ok(__cryostorm_failure + __cryostorm_output)
}

#[traced(err(error = |error| error))]
#[counted]
async fn variables_in_a_future(__cryostorm_call: u8, __cryostorm_output: u8) -> Result<u8, u8> {
    let __cryostorm_made = async { variables(__cryostorm_call, __cryostorm_output) };
    __cryostorm_made.await
}

// Stays for the compiler to expand: this is a test, and no part of a program.
#[traced]
#[other::timed]
fn tested() {}

fn main() {
    assert_eq!(uses().failure(), 0);
    assert_eq!(variables(1, 2), Ok(4));
    assert_eq!(futures::executor::block_on(variables_in_a_future(1, 2)), Ok(4));
}
