use cryostorm::traced;

struct Order;

#[traced]
impl Order {
    fn charge(&self) {}

    #[track_caller]
    fn located() -> u32 {
        std::panic::Location::caller().line()
    }
}

fn main() {}
