use cryostorm::counted;

#[counted(by = "x")]
fn literal() {}

#[counted(by = name)]
fn argument(name: &str) {
    let _ = name;
}

#[counted(by = 1.5)]
fn fraction() {}

fn main() {}
