// Two functions declare the same metric.
#[cryostorm::metrics(prefix = "shop")]
pub mod shop {
    pub fn placed() -> Counter<u64>;

    #[metric(name = "shop.Placed")]
    pub fn also_placed() -> Counter<u64>;
}

fn main() {}
