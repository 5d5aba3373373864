use cryostorm::traced;

#[traced(name: "charge")]
fn charge() {}

fn main() {}
