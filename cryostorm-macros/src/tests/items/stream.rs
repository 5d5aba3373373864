#[traced]
fn receipts(from: u64) -> impl Stream<Item = Result<Receipt, ChargeError>> {
    select(from)
}
