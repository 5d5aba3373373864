// The derive stands on a struct.
use cryostorm::MetricAttribute;

#[derive(MetricAttribute)]
struct Model;

fn main() {}
