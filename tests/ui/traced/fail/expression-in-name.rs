use cryostorm::traced;

struct Order {
    id: u64,
}

#[traced(name = "charge {order.id}")]
fn charge(order: &Order) -> u64 {
    order.id
}

fn main() {}
