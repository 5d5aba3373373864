use cryostorm::counted;

#[counted(attributes(id = %id, input = ?id))]
fn charge(id: u64) -> u64 {
    id
}

fn main() {}
