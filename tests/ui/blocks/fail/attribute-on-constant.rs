use cryostorm::{counted, traced};

struct Order;

#[traced]
impl Order {
    #[counted]
    const LIMIT: u8 = 7;

    fn charge(&self) -> u8 {
        Self::LIMIT
    }
}

fn main() {}
