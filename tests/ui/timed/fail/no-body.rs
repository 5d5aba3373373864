use cryostorm::timed;

trait Service {
    #[timed]
    fn call(&self) -> u32;
}

struct Shop;

impl Service for Shop {
    fn call(&self) -> u32 {
        1
    }
}

fn main() {}
