use cryostorm::traced;

#[traced(name = "charge id}")]
fn charge(id: u64) -> u64 {
    id
}

fn main() {}
