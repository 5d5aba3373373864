use cryostorm::{counted, timed, traced};

#[counted(name = "2xx")]
#[traced(kind = client)]
#[timed(attributes(id = %id))]
fn charge(id: u64) -> u64 {
    id
}

#[traced]
#[timed(nmae = "a")]
struct Structure;

fn main() {}
