use cryostorm::traced;

const CODE: u8 = 1;

#[traced(error_type = |error| error.to_string())]
fn string() -> Result<(), std::fmt::Error> {
    Ok(())
}

#[traced(error_type = |error| 3)]
fn number() -> Result<(), std::fmt::Error> {
    Ok(())
}

#[traced(error_type = CODE)]
fn constant() -> Result<(), std::fmt::Error> {
    Ok(())
}

fn main() {}
