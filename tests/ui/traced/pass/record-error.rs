#![deny(warnings)]

use cryostorm::traced;

#[traced(record_error = event)]
fn event() -> Result<(), String> {
    Ok(())
}

#[traced(record_error = log)]
fn log() -> Result<(), String> {
    Ok(())
}

#[traced(record_error = both)]
async fn both() -> Result<(), String> {
    Ok(())
}

#[traced(record_error = none)]
fn none() -> Result<(), String> {
    Ok(())
}

fn main() {
    event().unwrap();
    log().unwrap();
    futures::executor::block_on(both()).unwrap();
    none().unwrap();
}
