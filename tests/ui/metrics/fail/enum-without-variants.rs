// There is no value.
use cryostorm::MetricAttribute;

#[derive(MetricAttribute)]
enum Model {}

fn main() {}
