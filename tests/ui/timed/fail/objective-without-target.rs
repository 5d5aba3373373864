use cryostorm::timed;

#[timed(objective(latency = 0.25))]
fn charge() {}

fn main() {}
