use cryostorm::traced;

#[traced]
#[cryostorm(skip)]
fn charge() {}

fn main() {}
