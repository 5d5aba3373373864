use cryostorm::counted;

#[counted(description = "")]
fn charge() {}

fn main() {}
