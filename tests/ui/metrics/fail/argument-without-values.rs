// The type of an argument does not derive MetricAttribute.
pub enum Model {
    Small,
}

#[cryostorm::metrics(prefix = "shop")]
pub mod shop {
    use super::Model;

    pub fn placed(model: Model) -> Counter<u64>;
}

fn main() {}
