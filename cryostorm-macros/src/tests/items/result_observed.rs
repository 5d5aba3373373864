#[traced(
    ok(receipt.id = |receipt| receipt.id, receipt.total = %Receipt::total),
    err(error.code = |ChargeError { code, .. }| *code),
    error_type = |error| error.kind(),
)]
fn charge(cents: u64) -> Result<Receipt, ChargeError> {
    gateway(cents)
}
