// An integer without a range.
#[cryostorm::metrics(prefix = "shop")]
pub mod shop {
    pub fn placed(shard: u8) -> Counter<u64>;
}

fn main() {}
