use cryostorm::traced;

#[traced(ok(id = 1))]
fn ok() -> u8 {
    1
}

#[traced(err(code = "no"))]
fn err() -> Result<u8, u8> {
    Ok(1)
}

fn main() {}
