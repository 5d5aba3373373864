#[traced(ok(first = |orders| orders.first()))]
fn find() -> Option<impl Iterator<Item = Order>> {
    orders()
}
