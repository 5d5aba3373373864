use cryostorm::traced;

#[traced(tracer = 3)]
fn number() {}

#[traced(tracer = shop)]
fn lower_case() {}

fn main() {}
