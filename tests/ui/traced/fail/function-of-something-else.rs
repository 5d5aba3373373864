use cryostorm::traced;

fn length(text: &str) -> usize {
    text.len()
}

#[traced(ok(length = length))]
fn wrong_argument() -> u8 {
    1
}

#[traced(ok(length = missing))]
fn unknown() -> u8 {
    1
}

fn main() {}
