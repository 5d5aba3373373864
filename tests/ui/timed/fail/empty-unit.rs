use cryostorm::timed;

#[timed(unit = "")]
fn charge() {}

fn main() {}
