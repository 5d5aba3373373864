use cryostorm::MetricAttribute;

#[derive(MetricAttribute)]
enum Model {
    Small,
    #[metric_attribute(skip)]
    Large,
}

fn main() {
    let _ = (Model::Small, Model::Large);
}
