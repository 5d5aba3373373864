use cryostorm::traced;

#[traced(name = "charge {order}")]
fn charge(id: u64) -> u64 {
    id
}

fn main() {}
