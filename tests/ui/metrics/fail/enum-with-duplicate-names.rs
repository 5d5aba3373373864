// Two variants have the same name.
use cryostorm::MetricAttribute;

#[derive(MetricAttribute)]
enum Model {
    Small,
    #[metric_attribute(name = "small")]
    Tiny,
}

fn main() {}
