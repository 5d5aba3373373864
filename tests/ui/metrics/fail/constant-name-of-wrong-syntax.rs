// The constant that names a metric has a space in it.
#[cryostorm::metrics(prefix = "shop")]
pub mod shop {
    const NAME: &str = "orders placed";

    #[metric(name = NAME)]
    pub fn placed() -> Counter<u64>;
}

fn main() {}
