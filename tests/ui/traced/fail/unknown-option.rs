use cryostorm::traced;

#[traced(nmae = "charge")]
fn misspelled() {}

#[traced(attribute(id = 1))]
fn singular() {}

#[traced(level = "info")]
fn unrelated() {}

fn main() {}
