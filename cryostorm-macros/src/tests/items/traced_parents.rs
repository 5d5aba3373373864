#[traced(if = order_id > 0, context = &context)]
fn charge(order_id: u64) {}
