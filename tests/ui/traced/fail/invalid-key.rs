use cryostorm::traced;

#[traced(attributes("" = 1))]
fn empty() {}

#[traced(attributes(odd-key = 1))]
fn dash() {}

#[traced(attributes(user..id = 1))]
fn two_dots() {}

#[traced(attributes(user. = 1))]
fn unfinished() {}

#[traced(attributes(user::id = 1))]
fn path() {}

#[traced(attributes(3 = 1))]
fn number() {}

#[traced(attributes(= 1))]
fn absent() {}

fn main() {}
