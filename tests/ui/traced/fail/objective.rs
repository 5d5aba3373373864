use cryostorm::traced;

#[traced(objective(success = 0.999))]
fn charge() {}

fn main() {}
