use cryostorm::traced;

struct Order;

#[traced]
impl Order {
    #[cryostorm(skip)]
    const LIMIT: u8 = 7;

    fn charge(&self) -> u8 {
        Self::LIMIT
    }
}

fn main() {}
