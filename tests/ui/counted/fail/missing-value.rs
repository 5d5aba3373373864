use cryostorm::counted;

#[counted(name)]
fn bare_name() {}

#[counted(name =)]
fn unfinished_name() {}

#[counted(name("charge"))]
fn called_name() {}

#[counted(crate)]
fn bare_crate() {}

#[counted(attributes)]
fn bare_attributes() {}

#[counted(attributes = id)]
fn assigned_attributes(id: bool) -> bool {
    id
}

#[counted(attributes(id =, paid = true))]
fn unfinished_attribute(id: bool) -> bool {
    id
}

#[counted(attributes(id))]
fn key_alone(id: bool) -> bool {
    id
}

#[counted(attributes(user.id))]
fn dotted_key_alone(user: bool) -> bool {
    user
}

#[counted(attributes(user.id()))]
fn value_alone(user: bool) -> bool {
    user
}

#[counted(attributes("user-id"))]
fn literal_alone(user: bool) -> bool {
    user
}

fn main() {}
