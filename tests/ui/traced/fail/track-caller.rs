use cryostorm::traced;

#[traced]
#[track_caller]
fn located() -> u32 {
    std::panic::Location::caller().line()
}

fn main() {}
