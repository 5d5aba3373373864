use cryostorm::timed;

#[timed(name = "charge", attributes(id = true), name = "pay", attributes(paid = true))]
fn charge() {}

fn main() {}
