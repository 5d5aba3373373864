#[traced(attributes(order.id = self.id()))]
trait Charge {
    fn id(&self) -> u64;

    fn charge(&self) {
        gateway(self)
    }

    #[cryostorm(skip)]
    fn skipped(&self) {}
}
