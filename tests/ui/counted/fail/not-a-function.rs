use cryostorm::counted;

#[counted]
struct Structure;

#[counted]
enum Enumeration {}

#[counted]
mod module {}

#[counted]
const CONSTANT: Structure = Structure;

#[counted]
static STATIC: Structure = Structure;

#[counted]
type Alias = Structure;

#[counted]
unsafe extern "C" {}

fn main() {}
