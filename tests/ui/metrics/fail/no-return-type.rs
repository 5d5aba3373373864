// The return type is missing.
#[cryostorm::metrics(prefix = "shop")]
pub mod shop {
    pub fn placed();
}

fn main() {}
