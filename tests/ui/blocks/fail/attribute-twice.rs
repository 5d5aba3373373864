use cryostorm::traced;

struct Order;

#[traced]
#[traced(kind = Client)]
impl Order {
    fn charge(&self) {}
}

fn main() {}
