// The prefix stands alone.
#[cryostorm::metrics("shop")]
pub mod shop {
    pub fn placed() -> Counter<u64>;
}

fn main() {}
