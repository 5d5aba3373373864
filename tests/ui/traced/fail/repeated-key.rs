use cryostorm::traced;

#[traced(attributes(user.id = 1, "user.id" = 2, r#type = 3, type = 4))]
fn charge() {}

fn main() {}
