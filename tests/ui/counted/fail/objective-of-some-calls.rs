use cryostorm::counted;

#[counted(on = ok, objective(success = 0.999))]
fn charge() {}

fn main() {}
