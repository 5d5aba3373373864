use cryostorm::counted;

#[counted(attributes("" = true))]
fn charge() {}

fn main() {}
