#[traced]
fn charge(&self, cents: u64) -> Pin<Box<dyn Future<Output = Result<Receipt, ChargeError>> + Send + '_>> {
    Box::pin(async move { self.gateway(cents).await })
}
