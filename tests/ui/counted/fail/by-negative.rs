use cryostorm::counted;

#[counted(by = -1)]
fn charge() {}

fn main() {}
