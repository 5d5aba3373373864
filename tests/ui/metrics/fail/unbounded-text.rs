// An argument that can be any text.
#[cryostorm::metrics(prefix = "shop")]
pub mod shop {
    pub fn placed(tenant: &str) -> Counter<u64>;
}

fn main() {}
