use cryostorm::counted;

#[counted(objective(success = 1.0))]
fn charge() {}

fn main() {}
