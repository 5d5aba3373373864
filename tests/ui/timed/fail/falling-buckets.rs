use cryostorm::timed;

#[timed(buckets = [1, 0.5])]
fn falling() {}

#[timed(buckets = [1, 2, 2.0])]
fn repeated() {}

fn main() {}
