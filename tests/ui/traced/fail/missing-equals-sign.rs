use cryostorm::traced;

#[traced(attributes(order.id: id))]
fn colon(id: u64) {
    let _ = id;
}

#[traced(attributes(order.id id))]
fn nothing(id: u64) {
    let _ = id;
}

fn main() {}
