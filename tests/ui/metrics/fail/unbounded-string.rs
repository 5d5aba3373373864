// An argument that can be any text, and owns it.
#[cryostorm::metrics(prefix = "shop")]
pub mod shop {
    pub fn placed(tenant: String) -> Counter<u64>;
}

fn main() {}
