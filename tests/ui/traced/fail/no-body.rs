use cryostorm::traced;

trait Service {
    #[traced]
    fn call(&self) -> u32;
}

struct Shop;

impl Service for Shop {
    fn call(&self) -> u32 {
        1
    }
}

fn main() {}
