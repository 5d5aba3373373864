use cryostorm::traced;

#[traced(name = "charge" kind = Client)]
fn between_options() {}

#[traced(root kind = Client)]
fn after_a_word() {}

#[traced(attributes(id = 1) kind = Client)]
fn after_a_list() {}

#[traced(attributes(id = 1 paid = true))]
fn between_attributes() {}

fn main() {}
