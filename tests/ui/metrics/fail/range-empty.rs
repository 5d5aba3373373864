// A range without a number in it, and one that is none.
#[cryostorm::metrics(prefix = "shop")]
pub mod shop {
    pub fn placed(#[attribute(range = 9..=0)] shard: u8) -> Counter<u64>;

    pub fn refunded(#[attribute(range = 9)] shard: u8) -> Counter<u64>;
}

fn main() {}
