use cryostorm::traced;

use cryostorm::opentelemetry::Context;

#[traced(root, context = parent)]
fn charge(parent: &Context) {
    let _ = parent;
}

fn main() {}
