fn find() -> Option<impl Iterator<Item = Order>> {
    orders()
}
