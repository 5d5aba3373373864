use cryostorm::traced;

struct Order;

#[traced]
impl Order {
    #[cryostorm]
    fn new() -> Self {
        Self
    }

    #[cryostorm()]
    fn charge(&self) {}
}

fn main() {}
