use cryostorm::traced;

#[traced(skip_all)]
fn skip_all() {}

#[traced(skip(id))]
fn skip(id: u64) {
    let _ = id;
}

#[traced(fields(id = 1))]
fn fields() {}

#[traced(level = "info")]
fn level() {}

#[traced(target = "shop")]
fn target() {}

#[traced(ret)]
fn ret() -> u8 {
    1
}

#[traced(parent = None)]
fn parent() {}

#[traced(follows_from = [])]
fn follows_from() {}

fn main() {}
