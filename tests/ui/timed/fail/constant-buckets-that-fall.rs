use cryostorm::timed;

const FALLING: [f64; 2] = [1.0, 0.5];

#[timed(buckets = FALLING)]
fn falling() {}

const INFINITE: &[f64] = &[1.0, f64::INFINITY];

#[timed(buckets = INFINITE)]
fn infinite() {}

fn main() {}
