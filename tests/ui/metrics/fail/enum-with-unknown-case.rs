// The case of names is unknown.
use cryostorm::MetricAttribute;

#[derive(MetricAttribute)]
#[metric_attribute(rename_all = "snakecase")]
enum Model {
    Small,
}

fn main() {}
