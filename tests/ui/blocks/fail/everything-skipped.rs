use cryostorm::traced;

struct Order;

#[traced]
impl Order {
    #[cryostorm(skip)]
    fn charge(&self) {}
}

#[traced]
trait Payment {
    fn pay(&self);

    #[cryostorm(skip)]
    fn refund(&self) {}
}

fn main() {}
