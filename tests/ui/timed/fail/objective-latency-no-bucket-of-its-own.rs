use cryostorm::timed;

#[timed(buckets = [0.1, 0.5], objective(latency = 0.3, target = 0.99))]
fn charge() {}

fn main() {}
