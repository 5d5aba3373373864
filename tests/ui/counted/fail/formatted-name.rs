use cryostorm::counted;

#[counted(name = "orders.{id}")]
fn charge(id: u64) -> u64 {
    id
}

fn main() {}
