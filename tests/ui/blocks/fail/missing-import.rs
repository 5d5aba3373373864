use cryostorm::traced;

struct Order;

#[traced]
#[counted]
impl Order {
    fn charge(&self) {}

    #[timed]
    fn refund(&self) {}
}

fn main() {}
