use cryostorm::traced;

struct Order;

#[traced]
impl Order {
    #[cryostorm(skp)]
    const fn new() -> Self {
        Self
    }
}

fn main() {}
