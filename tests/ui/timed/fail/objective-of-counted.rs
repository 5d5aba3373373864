use cryostorm::timed;

#[timed(objective(success = 0.999))]
fn charge() {}

fn main() {}
