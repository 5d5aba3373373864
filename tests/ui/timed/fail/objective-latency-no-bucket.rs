use cryostorm::timed;

#[timed(objective(latency = 0.3, target = 0.99))]
fn charge() {}

fn main() {}
