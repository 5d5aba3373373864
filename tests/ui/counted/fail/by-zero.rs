use cryostorm::counted;

#[counted(by = 0)]
fn charge() {}

fn main() {}
