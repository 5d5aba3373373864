use cryostorm::traced;

#[traced(kind = client)]
fn lower_case() {}

#[traced(kind = Sever)]
fn misspelled() {}

#[traced(kind = "client")]
fn quoted() {}

#[traced(kind = SpanKind::Consumer)]
fn path() {}

#[traced(kind = Database)]
fn unrelated() {}

fn main() {}
