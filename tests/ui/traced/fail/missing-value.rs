use cryostorm::traced;

#[traced(name)]
fn bare_name() {}

#[traced(name =)]
fn unfinished_name() {}

#[traced(name("charge"))]
fn called_name() {}

#[traced(crate)]
fn bare_crate() {}

#[traced(attributes)]
fn bare_attributes() {}

#[traced(attributes = id)]
fn assigned_attributes(id: bool) -> bool {
    id
}

#[traced(attributes(id =, paid = true))]
fn unfinished_attribute(id: bool) -> bool {
    id
}

#[traced(attributes(id))]
fn key_alone(id: bool) -> bool {
    id
}

#[traced(attributes(user.id))]
fn dotted_key_alone(user: bool) -> bool {
    user
}

#[traced(attributes(user.id()))]
fn value_alone(user: bool) -> bool {
    user
}

#[traced(attributes("user-id"))]
fn literal_alone(user: bool) -> bool {
    user
}

fn main() {}
