// A variant has fields.
use cryostorm::MetricAttribute;

#[derive(MetricAttribute)]
enum Model {
    Small,
    Other(String),
}

fn main() {}
