use cryostorm::timed;

#[timed(unit = "seconds")]
fn word() {}

#[timed(unit = "By")]
fn bytes() {}

#[timed(unit = "d")]
fn days() {}

fn main() {}
