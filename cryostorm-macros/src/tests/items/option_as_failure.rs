#[traced(error_type = "not_found", ok(order.total = |order| order.total))]
fn find(id: u64) -> Option<Order> {
    orders().remove(&id)
}
