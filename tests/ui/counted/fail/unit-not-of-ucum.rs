use cryostorm::counted;

#[counted(unit = "bytes")]
fn word() {}

#[counted(unit = "requests")]
fn what_is_counted() {}

#[counted(unit = "bytes/second")]
fn compound() {}

#[counted(unit = "1 call")]
fn blank() {}

fn main() {}
