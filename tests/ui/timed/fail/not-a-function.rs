use cryostorm::timed;

#[timed]
struct Structure;

#[timed]
enum Enumeration {}

#[timed]
mod module {}

#[timed]
const CONSTANT: Structure = Structure;

#[timed]
static STATIC: Structure = Structure;

#[timed]
type Alias = Structure;

#[timed]
unsafe extern "C" {}

fn main() {}
