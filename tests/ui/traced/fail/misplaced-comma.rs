use cryostorm::traced;

#[traced(, name = "charge")]
fn leading() {}

#[traced(kind = Client,, attributes(id = 1,,))]
fn doubled() {}

fn main() {}
