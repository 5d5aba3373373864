use cryostorm::traced;

#[traced]
struct Structure;

#[traced]
enum Enumeration {}

#[traced]
mod module {}

#[traced]
const CONSTANT: Structure = Structure;

#[traced]
static STATIC: Structure = Structure;

#[traced]
type Alias = Structure;

#[traced]
unsafe extern "C" {}

fn main() {}
