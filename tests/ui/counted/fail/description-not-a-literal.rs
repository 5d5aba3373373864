use cryostorm::counted;

const DESCRIPTION: &str = "Charges.";

#[counted(description = DESCRIPTION)]
fn constant() {}

#[counted(description = 3)]
fn number() {}

fn main() {}
