// More series than a metric can have.
#[cryostorm::metrics(prefix = "shop")]
pub mod shop {
    pub fn placed(#[attribute(unbounded(limit = 1_000_000))] tenant: &str) -> Counter<u64>;
}

fn main() {}
