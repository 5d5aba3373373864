use cryostorm::timed;

#[timed(in_flight = "in flight")]
fn blank() {}

#[timed(in_flight = "")]
fn empty() {}

#[timed(in_flight = true)]
fn flag() {}

fn main() {}
