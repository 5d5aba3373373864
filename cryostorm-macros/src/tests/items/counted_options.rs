#[counted(
    name = names::CHARGED,
    description = "Charged orders.",
    unit = "{order}",
    attributes(channel = channel),
    on = ok,
    by = orders.len(),
    error_type = names::REFUSED,
)]
fn charge(channel: Channel, orders: &[Order]) -> Result<(), ChargeError> {
    gateway(orders)
}
