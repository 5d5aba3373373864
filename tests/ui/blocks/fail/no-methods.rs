use cryostorm::traced;

struct Order;

#[traced]
impl Order {
    const LIMIT: u8 = 7;
}

#[traced]
impl Copy for Order {}

macro_rules! clone {
    () => {
        fn clone(&self) -> Self {
            Self
        }
    };
}

#[traced]
impl Clone for Order {
    clone!();
}

fn main() {}
