// A literal attribute has the key of an argument.
#[cryostorm::metrics(prefix = "shop")]
pub mod shop {
    #[metric(attributes(channel = "web"))]
    pub fn placed(channel: &'static str) -> Counter<u64>;
}

fn main() {}
