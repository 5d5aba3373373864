use cryostorm::counted;

#[counted(objective = 0.999)]
fn charge() {}

fn main() {}
