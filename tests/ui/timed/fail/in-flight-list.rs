use cryostorm::timed;

#[timed(in_flight("charges.in_flight"))]
fn charge() {}

fn main() {}
