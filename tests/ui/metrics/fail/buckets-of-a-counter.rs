// Only histograms have buckets.
#[cryostorm::metrics(prefix = "shop")]
pub mod shop {
    #[metric(buckets = [1, 2])]
    pub fn placed() -> Counter<u64>;
}

fn main() {}
