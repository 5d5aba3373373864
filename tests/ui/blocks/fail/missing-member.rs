use cryostorm::traced;

struct Order;

#[traced]
impl Iterator for Order {
    fn next(&mut self) -> Option<u8> {
        None
    }
}

fn main() {}
