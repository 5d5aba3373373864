use cryostorm::timed;

#[timed]
pub const fn size() -> usize {
    8
}

const SIZE: usize = 8;

fn main() {}
