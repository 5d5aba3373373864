use cryostorm::traced;

#[traced(attributes(total = +))]
fn operator_alone() -> u32 {
    1
}

#[traced(attributes(total = missing))]
fn unknown_variable() -> u32 {
    1
}

fn caller() -> u32 {
    operator_alone() + unknown_variable()
}

fn main() {}
