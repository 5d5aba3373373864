#[traced(name = names::CHARGE, root, tracer = "shop", record_error = none)]
fn charge() {}
