// Only integers have a range.
#[cryostorm::metrics(prefix = "shop")]
pub mod shop {
    pub fn placed(#[attribute(range = 0..=9)] new: bool) -> Counter<u64>;
}

fn main() {}
