// No metric is declared.
#[cryostorm::metrics]
mod shop {
    use std::fmt as _;
}

fn main() {}
