use cryostorm::traced;

struct Receipt;

#[traced(ok(receipt = |receipt| receipt))]
fn ok() -> Result<Receipt, String> {
    Ok(Receipt)
}

#[traced(err(shown = %|error| error))]
fn err() -> Result<(), Receipt> {
    Err(Receipt)
}

fn main() {}
