// The functions stand in another file.
#[cryostorm::metrics]
pub mod elsewhere;

fn main() {}
