use cryostorm::{counted, traced};

struct Order;

#[traced]
impl Order {
    fn charge(&self) {}

    #[counted(nam = "orders.refunded")]
    fn refund(&self) {}
}

fn main() {
    Order.charge();
    Order.refund();
}
