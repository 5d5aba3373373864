use cryostorm::traced;

#[traced(ok(id = |id| id, id = |id| id))]
fn charge() -> u64 {
    1
}

fn main() {}
