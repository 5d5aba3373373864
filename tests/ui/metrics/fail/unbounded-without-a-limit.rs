// The limit of an unbounded argument is missing.
#[cryostorm::metrics(prefix = "shop")]
pub mod shop {
    pub fn placed(#[attribute(unbounded)] tenant: &str) -> Counter<u64>;

    pub fn refunded(#[attribute(unbounded())] tenant: &str) -> Counter<u64>;
}

fn main() {}
