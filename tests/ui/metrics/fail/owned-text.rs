// A limited text is borrowed.
#[cryostorm::metrics(prefix = "shop")]
pub mod shop {
    pub fn placed(#[attribute(unbounded(limit = 10))] tenant: String) -> Counter<u64>;
}

fn main() {}
