use cryostorm::timed;

#[timed(kind = Client)]
fn charge() {}

fn main() {}
