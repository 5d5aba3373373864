use cryostorm::traced;

#[traced(error_type = 3)]
fn number() -> Result<(), String> {
    Ok(())
}

#[traced(error_type = "")]
fn empty() -> Result<(), String> {
    Ok(())
}

#[traced(error_type("bad"))]
fn list() -> Result<(), String> {
    Ok(())
}

fn main() {}
