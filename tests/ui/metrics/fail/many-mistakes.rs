// All mistakes are reported at once.
#[cryostorm::metrics(prefix = "shop")]
pub mod shop {
    #[metric(unit = "seconds", buckets = [2, 1])]
    pub fn waited(shard: u8, tenant: &str) -> Histogram<f64>;

    pub fn placed() -> Countr<u64>;
}

fn main() {}
