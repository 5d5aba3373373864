use cryostorm::counted;

#[counted(attributes(id = id))]
fn charge(id: &str) {
    let _ = id;
}

fn main() {}
