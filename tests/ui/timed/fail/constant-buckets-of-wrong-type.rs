use cryostorm::timed;

const BOUNDS: [u64; 2] = [1, 2];

#[timed(buckets = BOUNDS)]
fn charge() {}

fn main() {}
