#[traced(name = "charge", attributes(channel = "web"))]
fn charge() -> Result<Receipt, ChargeError> {
    gateway()
}
