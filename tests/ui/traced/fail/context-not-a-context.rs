use cryostorm::traced;

use cryostorm::opentelemetry::trace::SpanContext;

#[traced(context = 3)]
fn number() {}

#[traced(context = sender)]
fn span_context(sender: SpanContext) {
    let _ = sender;
}

fn main() {}
