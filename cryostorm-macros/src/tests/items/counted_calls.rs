#[counted(on = err)]
fn charge() {}
