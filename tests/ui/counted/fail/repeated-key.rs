use cryostorm::counted;

#[counted(attributes(channel = "web", channel = "app"))]
fn charge() {}

fn main() {}
