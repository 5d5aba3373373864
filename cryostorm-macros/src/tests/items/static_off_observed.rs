#[traced(ok(receipt.id = |receipt| receipt.id + offset), error_type = ChargeError::kind)]
fn charge(offset: u64) -> BoxFuture<'_, Result<Receipt, ChargeError>> {
    gateway()
}
