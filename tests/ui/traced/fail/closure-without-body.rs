use cryostorm::traced;

#[traced(ok(id = |id|))]
fn charge() -> u8 {
    1
}

fn main() {}
