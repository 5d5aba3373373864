use cryostorm::traced;

#[traced]
#[counted]
fn charge() {}

fn main() {}
