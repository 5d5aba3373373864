// The bounds of the buckets do not rise.
#[cryostorm::metrics(prefix = "shop")]
pub mod shop {
    #[metric(buckets = [1, 5, 2])]
    pub fn size() -> Histogram<u64>;
}

fn main() {}
