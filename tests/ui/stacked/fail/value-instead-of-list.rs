use cryostorm::{counted, traced};

#[traced]
#[counted = "charges"]
fn charge() {}

fn main() {}
