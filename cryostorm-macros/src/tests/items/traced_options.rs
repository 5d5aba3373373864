#[traced(
    name = "charge {order_id}",
    kind = Producer,
    attributes(order.id = order_id, total = %total, "user agent" = ?agent),
    links = [parent],
    context = &context,
    record_error = both,
    if = order_id > 0,
    tracer = SCOPE,
    crate = telemetry,
)]
fn charge(order_id: u64) {}
