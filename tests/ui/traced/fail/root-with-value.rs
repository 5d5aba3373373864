use cryostorm::traced;

#[traced(root = true)]
fn assigned() {}

#[traced(root())]
fn list() {}

fn main() {}
