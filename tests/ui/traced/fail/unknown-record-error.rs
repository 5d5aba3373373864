use cryostorm::traced;

#[traced(record_error = events)]
fn misspelled() {}

#[traced(record_error = "log")]
fn quoted() {}

#[traced(record_error = false)]
fn unrelated() {}

fn main() {}
