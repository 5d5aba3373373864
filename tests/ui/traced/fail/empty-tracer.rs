use cryostorm::traced;

#[traced(tracer = "")]
fn charge() {}

fn main() {}
