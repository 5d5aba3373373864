// A metric is not async.
#[cryostorm::metrics(prefix = "shop")]
pub mod shop {
    pub async fn placed() -> Counter<u64>;
}

fn main() {}
