#[timed(buckets = [1, 2.5], in_flight)]
fn charge() {}
