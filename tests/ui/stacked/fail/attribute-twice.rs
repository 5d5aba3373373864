use cryostorm::{counted, timed, traced};

#[traced]
#[traced(name = "again")]
fn charge() {}

#[timed]
#[counted]
#[cryostorm::timed]
#[timed]
fn refund() {}

fn main() {}
