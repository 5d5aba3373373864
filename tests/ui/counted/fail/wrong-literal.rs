use cryostorm::counted;

#[counted(name = 3)]
fn number() {}

#[counted(name = charge)]
fn identifier() {}

#[counted(name = 'c')]
fn character() {}

#[counted(name = concat!("a", "b"))]
fn call() {}

#[counted("charge")]
fn unnamed() {}

#[counted(crate = "facade::cryostorm")]
fn quoted_path() {}

#[counted(crate = 3)]
fn no_path() {}

fn main() {}
