use cryostorm::traced;

struct Order;

#[traced(attributes(order = order))]
fn charge(order: &Order) {
    let _ = order;
}

fn main() {}
