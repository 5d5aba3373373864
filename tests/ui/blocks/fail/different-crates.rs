use cryostorm::{counted, traced};

struct Order;

#[traced(crate = ::cryostorm)]
#[counted(crate = cryostorm)]
impl Order {
    fn charge(&self) {}
}

fn main() {}
