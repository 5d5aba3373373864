use cryostorm::timed;

#[timed(buckets = [])]
fn charge() {}

fn main() {}
