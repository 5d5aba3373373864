use cryostorm::timed;

#[timed(objective())]
fn charge() {}

fn main() {}
