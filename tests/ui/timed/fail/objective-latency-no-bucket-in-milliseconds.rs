use cryostorm::timed;

#[timed(unit = "ms", objective(latency = 300, target = 0.99))]
fn charge() {}

fn main() {}
