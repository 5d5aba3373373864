use cryostorm::traced;

#[traced(ok)]
fn bare() -> u8 {
    1
}

#[traced(err = |error| error.code)]
fn assigned() -> Result<u8, u8> {
    Ok(1)
}

#[traced(ok(|value| value))]
fn without_key() -> u8 {
    1
}

#[traced(ok(value))]
fn key_alone() -> u8 {
    1
}

fn main() {}
