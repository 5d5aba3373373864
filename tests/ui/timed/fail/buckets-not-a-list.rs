use cryostorm::timed;

#[timed(buckets = 1)]
fn number() {}

#[timed(buckets(1, 2))]
fn parentheses() {}

#[timed(buckets = (1, 2))]
fn tuple() {}

#[timed(buckets = vec![1.0])]
fn call() {}

fn main() {}
