// The prefix begins with a digit.
#[cryostorm::metrics(prefix = "1shop")]
pub mod shop {
    pub fn placed() -> Counter<u64>;
}

fn main() {}
