// The function of a metric has no body.
#[cryostorm::metrics(prefix = "shop")]
pub mod shop {
    pub fn placed() -> Counter<u64> {
        todo!()
    }
}

fn main() {}
