// The unit is no unit of UCUM.
#[cryostorm::metrics(prefix = "shop")]
pub mod shop {
    #[metric(unit = "seconds")]
    pub fn waited() -> Counter<f64>;
}

fn main() {}
