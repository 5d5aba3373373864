// What is observed stays, so it is bounded.
#[cryostorm::metrics(prefix = "shop")]
pub mod shop {
    pub fn depth(#[attribute(unbounded(limit = 10))] tenant: &str) -> ObservableGauge<u64>;
}

fn main() {}
