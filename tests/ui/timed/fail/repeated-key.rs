use cryostorm::timed;

#[timed(attributes(channel = "web", channel = "app"))]
fn charge() {}

fn main() {}
