use cryostorm::counted;

#[counted(unit = "")]
fn charge() {}

fn main() {}
