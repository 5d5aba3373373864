// The attribute stands on a function.
#[cryostorm::metrics]
fn placed() {}

fn main() {}
