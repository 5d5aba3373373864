// The dot is put in already.
#[cryostorm::metrics(prefix = "shop.")]
pub mod shop {
    pub fn placed() -> Counter<u64>;
}

fn main() {}
