// An enum without fields has no generics.
use cryostorm::MetricAttribute;

#[derive(MetricAttribute)]
enum Model<T> {
    Small,
}

fn main() {}
