#[traced(kind = Client, attributes(order.id = self.id, total = %total))]
/// Charges an order.
#[inline]
#[counted(name = "orders.charged", attributes(channel = "web", region = self.region()))]
#[must_use]
#[timed(attributes(region = self.region()))]
pub(crate) fn charge<T: Display>(&mut self, total: T) -> Result<&mut Receipt, ChargeError>
where
    T: Clone,
{
    self.gateway(total)
}
