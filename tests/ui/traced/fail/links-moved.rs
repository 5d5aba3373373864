use cryostorm::traced;

use cryostorm::opentelemetry::trace::SpanContext;

#[traced(links = senders)]
fn charge(senders: Vec<SpanContext>) {}

fn main() {}
