#[cryostorm::metrics(prefix = "shop")]
pub mod shop {
    #[metric = "shop.orders"]
    pub fn placed() -> Counter<u64>;
}

fn main() {}
