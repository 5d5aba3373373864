use cryostorm::traced;

use cryostorm::opentelemetry::trace::SpanContext;

#[traced(links = 3)]
fn number() {}

#[traced(links = sender)]
fn one_context(sender: SpanContext) {
    let _ = sender;
}

fn main() {}
