use cryostorm::traced;

#[traced(links = ids)]
fn charge(ids: &[u64]) {
    let _ = ids;
}

fn main() {}
