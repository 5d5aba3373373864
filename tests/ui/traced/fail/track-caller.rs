use cryostorm::traced;

#[traced]
#[track_caller]
fn located() -> Result<u32, String> {
    Ok(std::panic::Location::caller().line())
}

fn main() {}
