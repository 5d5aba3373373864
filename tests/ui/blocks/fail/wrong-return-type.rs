use cryostorm::traced;

struct Order;

#[traced]
impl Order {
    fn id(&self) -> u64 {
        "seven"
    }
}

fn main() {}
