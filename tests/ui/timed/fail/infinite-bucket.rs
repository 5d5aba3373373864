use cryostorm::timed;

#[timed(buckets = [1, 1e999])]
fn charge() {}

fn main() {}
