// More numbers than a metric has series.
#[cryostorm::metrics(prefix = "shop")]
pub mod shop {
    pub fn placed(#[attribute(range = 0..=1999)] row: u32) -> Counter<u64>;
}

fn main() {}
