#[timed(name = names::CHARGE, unit = "ms", attributes(live = true), buckets = names::BUCKETS, in_flight = names::ACTIVE)]
/// How long a charge takes.
fn charge() {}
