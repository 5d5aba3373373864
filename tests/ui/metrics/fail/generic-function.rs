// A metric has no generics.
#[cryostorm::metrics(prefix = "shop")]
pub mod shop {
    pub fn placed<T>(value: T) -> Counter<u64>;
}

fn main() {}
