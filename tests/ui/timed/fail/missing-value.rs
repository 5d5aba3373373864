use cryostorm::timed;

#[timed(name)]
fn bare_name() {}

#[timed(name =)]
fn unfinished_name() {}

#[timed(name("charge"))]
fn called_name() {}

#[timed(crate)]
fn bare_crate() {}

#[timed(attributes)]
fn bare_attributes() {}

#[timed(attributes = id)]
fn assigned_attributes(id: bool) -> bool {
    id
}

#[timed(attributes(id =, paid = true))]
fn unfinished_attribute(id: bool) -> bool {
    id
}

#[timed(attributes(id))]
fn key_alone(id: bool) -> bool {
    id
}

#[timed(attributes(user.id))]
fn dotted_key_alone(user: bool) -> bool {
    user
}

#[timed(attributes(user.id()))]
fn value_alone(user: bool) -> bool {
    user
}

#[timed(attributes("user-id"))]
fn literal_alone(user: bool) -> bool {
    user
}

fn main() {}
