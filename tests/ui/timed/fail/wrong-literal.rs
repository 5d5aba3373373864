use cryostorm::timed;

#[timed(name = 3)]
fn number() {}

#[timed(name = charge)]
fn identifier() {}

#[timed(name = 'c')]
fn character() {}

#[timed(name = concat!("a", "b"))]
fn call() {}

#[timed("charge")]
fn unnamed() {}

#[timed(crate = "facade::cryostorm")]
fn quoted_path() {}

#[timed(crate = 3)]
fn no_path() {}

fn main() {}
