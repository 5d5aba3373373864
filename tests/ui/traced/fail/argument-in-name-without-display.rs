use cryostorm::traced;

struct Order;

#[traced(name = "charge {order}")]
fn charge(order: Order) {
    let _ = order;
}

fn main() {}
