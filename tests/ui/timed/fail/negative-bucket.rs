use cryostorm::timed;

#[timed(buckets = [-1, 1])]
fn charge() {}

fn main() {}
