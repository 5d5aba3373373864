// A metric has no self.
#[cryostorm::metrics(prefix = "shop")]
pub mod shop {
    pub fn placed(&self, new: bool) -> Counter<u64>;
}

fn main() {}
