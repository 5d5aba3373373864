use cryostorm::traced;

#[traced(name = 3)]
fn number() {}

#[traced(name = charge)]
fn identifier() {}

#[traced(name = 'c')]
fn character() {}

#[traced(name = concat!("a", "b"))]
fn call() {}

#[traced("charge")]
fn unnamed() {}

#[traced(crate = "facade::cryostorm")]
fn quoted_path() {}

#[traced(crate = 3)]
fn no_path() {}

fn main() {}
