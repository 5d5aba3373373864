use cryostorm::traced;

#[traced(attributes(id = 1 2))]
fn attribute() {}

#[traced(if = paid refunded)]
fn condition(paid: bool, refunded: bool) -> bool {
    paid && refunded
}

#[traced(ok(id = |id| id id))]
fn observation() -> u64 {
    1
}

fn main() {}
