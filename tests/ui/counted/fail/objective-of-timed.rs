use cryostorm::counted;

#[counted(objective(latency = 0.25, target = 0.99))]
fn charge() {}

fn main() {}
