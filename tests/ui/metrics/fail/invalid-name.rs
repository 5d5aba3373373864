// The name of a metric has a space in it.
#[cryostorm::metrics(prefix = "shop")]
pub mod shop {
    #[metric(name = "shop.orders placed")]
    pub fn placed() -> Counter<u64>;
}

fn main() {}
