use cryostorm::counted;

#[counted(on = error)]
fn misspelled() {}

#[counted(on = Ok)]
fn upper_case() {}

#[counted(on = "err")]
fn quoted() {}

#[counted(on = panic)]
fn unrelated() {}

fn main() {}
