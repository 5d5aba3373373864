#[timed]
trait Payment {
    fn charge(&self) -> u64;

    fn refund(&self) -> u64 {
        self.charge()
    }
}
