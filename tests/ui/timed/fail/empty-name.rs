use cryostorm::timed;

#[timed(name = "")]
fn charge() {}

fn main() {}
