use cryostorm::timed;

const BUCKETS: [f64; 2] = [0.1, 0.5];

#[timed(buckets = BUCKETS, objective(latency = 0.3, target = 0.99))]
fn charge() {}

fn main() {}
