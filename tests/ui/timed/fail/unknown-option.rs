use cryostorm::timed;

#[timed(nmae = "charge")]
fn misspelled() {}

#[timed(attribute(id = 1))]
fn singular() {}

#[timed(level = "info")]
fn unrelated() {}

fn main() {}
