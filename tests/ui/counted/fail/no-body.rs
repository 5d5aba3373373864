use cryostorm::counted;

trait Service {
    #[counted]
    fn call(&self) -> u32;
}

struct Shop;

impl Service for Shop {
    fn call(&self) -> u32 {
        1
    }
}

fn main() {}
