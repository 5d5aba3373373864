use cryostorm::{counted, traced};

#[traced]
trait Payment {
    #[counted]
    fn charge(&self);

    fn refund(&self) {}
}

fn main() {}
