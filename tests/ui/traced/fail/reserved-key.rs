use cryostorm::traced;

#[traced(attributes(code.function.name = "mine"))]
fn named() {}

fn main() {}
