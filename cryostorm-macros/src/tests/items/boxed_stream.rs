#[traced]
fn receipts(from: u64) -> BoxStream<'static, Receipt> {
    select(from).boxed()
}
