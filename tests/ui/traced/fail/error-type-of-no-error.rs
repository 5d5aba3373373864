use cryostorm::traced;

#[traced(error_type = |error| "bad")]
fn charge() -> u8 {
    1
}

fn main() {}
