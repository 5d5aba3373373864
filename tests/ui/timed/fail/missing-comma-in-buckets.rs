use cryostorm::timed;

#[timed(buckets = [1 2])]
fn charge() {}

fn main() {}
