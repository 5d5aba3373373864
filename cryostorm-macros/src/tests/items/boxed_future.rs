#[traced]
fn charge(cents: u64) -> Pin<Box<dyn Future<Output = Result<Receipt, ChargeError>> + Send>> {
    let request = request(cents);
    Box::pin(gateway(request))
}
