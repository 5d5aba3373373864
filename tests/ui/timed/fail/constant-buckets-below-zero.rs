use cryostorm::timed;

const BUCKETS: [f64; 2] = [-1.0, 1.0];

#[timed(buckets = BUCKETS)]
fn charge() {}

fn main() {
    charge();
}
