use cryostorm::traced;

struct Order;

#[traced]
#[cryostorm(skip)]
impl Order {
    fn charge(&self) {}
}

fn main() {}
