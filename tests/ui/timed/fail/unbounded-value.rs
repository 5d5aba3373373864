use cryostorm::timed;

#[timed(attributes(id = id))]
fn charge(id: u64) -> u64 {
    id
}

fn main() {}
