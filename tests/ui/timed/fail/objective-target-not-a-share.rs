use cryostorm::timed;

#[timed(objective(latency = 0.25, target = 99))]
fn charge() {}

fn main() {}
