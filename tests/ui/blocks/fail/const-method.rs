use cryostorm::traced;

struct Order;

#[traced]
impl Order {
    pub const fn new() -> Self {
        Self
    }

    fn charge(&self) {}
}

const ORDER: Order = Order::new();

fn main() {
    ORDER.charge();
}
