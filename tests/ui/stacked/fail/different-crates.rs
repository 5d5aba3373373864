use cryostorm::{counted, traced};

#[traced(crate = ::cryostorm)]
#[counted(crate = cryostorm)]
fn charge() {}

fn main() {}
