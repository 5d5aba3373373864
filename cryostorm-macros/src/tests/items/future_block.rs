#[traced(attributes(cents = cents))]
fn charge(cents: u64) -> impl Future<Output = Result<Receipt, ChargeError>> {
    async move { gateway(cents).await }
}
