use cryostorm::traced;

const NAME: u8 = 1;

#[traced(name = NAME)]
fn number() {}

#[traced(name = MISSING)]
fn missing() {}

fn main() {}
