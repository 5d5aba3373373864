use cryostorm::counted;

#[counted(nmae = "charge")]
fn misspelled() {}

#[counted(attribute(id = 1))]
fn singular() {}

#[counted(level = "info")]
fn unrelated() {}

fn main() {}
