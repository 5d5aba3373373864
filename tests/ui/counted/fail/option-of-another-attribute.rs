use cryostorm::counted;

#[counted(kind = Client)]
fn charge() {}

fn main() {}
