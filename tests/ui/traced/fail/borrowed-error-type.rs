use cryostorm::traced;

#[traced(error_type = |error| error.as_str())]
fn charge() -> Result<(), String> {
    Ok(())
}

fn main() {}
