use cryostorm::MetricAttribute;

#[derive(MetricAttribute)]
#[metric_attribute(rename = "kebab-case")]
enum Model {
    Large,
}

fn main() {
    let _ = Model::Large;
}
