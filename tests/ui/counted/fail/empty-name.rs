use cryostorm::counted;

#[counted(name = "")]
fn charge() {}

fn main() {}
