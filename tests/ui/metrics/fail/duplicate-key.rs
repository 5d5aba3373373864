// Two arguments have the same key.
#[cryostorm::metrics(prefix = "shop")]
pub mod shop {
    pub fn placed(#[attribute(name = "model")] first: bool, model: bool) -> Counter<u64>;
}

fn main() {}
