#[traced(attributes(order.id = self.id))]
#[counted]
impl Order {
    const FREE: u64 = 0;

    #[cryostorm(skip)]
    fn new(id: u64) -> Self {
        Self { id }
    }

    /// Charges it.
    #[traced]
    pub fn charge(&self) -> Result<(), ChargeError> {
        gateway(self)
    }

    async fn ship(&self) {
        post(self).await;
    }
}
