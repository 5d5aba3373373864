#[traced(name = "charge {id}", if = id > 0, attributes(total = %total, channel = "web"))]
#[counted(name = names::CHARGED, by = orders.len())]
async fn charge(id: u64, total: f64, orders: &[Order]) -> Result<Receipt, ChargeError> {
    gateway(id).await
}
