use cryostorm::counted;

const UNIT: &str = "By";

#[counted(unit = UNIT)]
fn constant() {}

#[counted(unit = s)]
fn bare() {}

fn main() {}
