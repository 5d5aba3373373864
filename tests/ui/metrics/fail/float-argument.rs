// A float has no bounded set of values.
#[cryostorm::metrics(prefix = "shop")]
pub mod shop {
    pub fn placed(price: f64) -> Counter<u64>;
}

fn main() {}
