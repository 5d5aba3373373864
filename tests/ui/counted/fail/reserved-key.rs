use cryostorm::counted;

#[counted(attributes(error.type = "mine"))]
fn failing() {}

fn main() {}
