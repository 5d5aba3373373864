use cryostorm::traced;

#[traced(ok(id = |id, more| id + more))]
fn two() -> u8 {
    1
}

#[traced(err(code = || 1))]
fn none() -> Result<u8, u8> {
    Ok(1)
}

#[traced(error_type = |error, more| "bad")]
fn error_type() -> Result<u8, u8> {
    Ok(1)
}

fn main() {}
