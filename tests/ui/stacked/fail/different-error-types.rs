use cryostorm::{counted, timed, traced};

#[traced(error_type = "declined")]
#[counted(error_type = "refused")]
#[timed]
fn charge() -> Result<(), String> {
    Ok(())
}

fn main() {}
