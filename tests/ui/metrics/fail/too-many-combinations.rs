// More combinations of attributes than an index tells apart.
#[cryostorm::metrics(prefix = "shop")]
pub mod shop {
    pub fn placed(
        #[attribute(range = 0..1000)] row: u32,
        #[attribute(range = 0..1000)] column: u32,
    ) -> Counter<u64>;
}

fn main() {}
