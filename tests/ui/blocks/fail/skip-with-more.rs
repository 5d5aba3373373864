use cryostorm::traced;

struct Order;

#[traced]
impl Order {
    #[cryostorm(skip, counted)]
    fn new() -> Self {
        Self
    }

    #[cryostorm(skip = true)]
    fn charge(&self) {}
}

fn main() {}
