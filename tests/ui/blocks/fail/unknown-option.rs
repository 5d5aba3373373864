use cryostorm::{counted, traced};

struct Order;

#[traced(kin = Client)]
#[counted]
impl Order {
    fn charge(&self) {}

    #[counted(name = "orders.refunded")]
    fn refund(&self) {}
}

fn main() {
    Order.charge();
    Order.refund();
}
