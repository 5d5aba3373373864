// Options that there are not.
#[cryostorm::metrics(prefx = "shop")]
pub mod shop {
    #[metric(label = "web")]
    pub fn placed() -> Counter<u64>;

    #[metric(desc = "Refunds.")]
    pub fn refunded(#[attribute(key = "shop.id")] shop: bool) -> Counter<u64>;
}

fn main() {}
