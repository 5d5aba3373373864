#[traced(ok(receipt.id = |receipt| receipt.id))]
fn charge(cents: u64) -> impl Future<Output = Result<Receipt, ChargeError>> {
    gateway(cents)
}
