use cryostorm::traced;

struct Order;

#[traced]
impl Order {
    fn charge(&self) {}

    #[track_caller]
    fn located() -> Result<u32, String> {
        Ok(std::panic::Location::caller().line())
    }
}

fn main() {}
