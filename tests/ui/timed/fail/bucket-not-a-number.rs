use cryostorm::timed;

#[timed(buckets = ["1", 2])]
fn text() {}

#[timed(buckets = [FIRST, 2])]
fn constant() {}

#[timed(buckets = [1 + 1])]
fn expression() {}

fn main() {}
