use cryostorm::traced;

#[traced(unit = "s")]
fn of_two() {}

#[traced(buckets = [1])]
fn of_one() {}

fn main() {}
