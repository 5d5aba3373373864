use cryostorm::traced;

#[traced(name = "charge {id")]
fn unclosed(id: u64) -> u64 {
    id
}

#[traced(name = "charge {id {cents}")]
fn nested(id: u64, cents: u64) -> u64 {
    id + cents
}

fn main() {}
