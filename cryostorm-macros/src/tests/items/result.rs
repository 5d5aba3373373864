#[traced]
fn charge(cents: u64) -> Result<Receipt, ChargeError> {
    Ok(gateway(cents)?)
}
