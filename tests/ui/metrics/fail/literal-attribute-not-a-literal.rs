// What is the same for all values is a literal.
#[cryostorm::metrics(prefix = "shop")]
pub mod shop {
    const SHOP: &str = "web";

    #[metric(attributes(shop = SHOP))]
    pub fn placed() -> Counter<u64>;
}

fn main() {}
