use cryostorm::traced;

#[traced(name = "")]
fn charge() {}

fn main() {}
