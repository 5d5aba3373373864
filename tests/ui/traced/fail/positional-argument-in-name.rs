use cryostorm::traced;

#[traced(name = "charge {}")]
fn next(id: u64) -> u64 {
    id
}

#[traced(name = "charge {0}")]
fn by_position(id: u64) -> u64 {
    id
}

#[traced(name = "charge {:?}")]
fn formatted(id: u64) -> u64 {
    id
}

fn main() {}
