#[traced(ok(receipt.id = |receipt| receipt.id), err(error = ?|error| error), error_type = ChargeError::kind)]
async fn charge(cents: u64) -> Result<Receipt, ChargeError> {
    gateway(cents).await
}
