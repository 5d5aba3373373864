use cryostorm::traced;

#[traced(attributes(id = id), ok(id = |receipt| receipt))]
fn charge(id: u64) -> u64 {
    id
}

fn main() {}
