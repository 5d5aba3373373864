use cryostorm::timed;

#[timed(name = "2xx")]
fn digit_first() {}

#[timed(name = "_calls")]
fn underscore_first() {}

#[timed(name = "orders charged")]
fn space() {}

#[timed(name = "commandes.payées")]
fn accent() {}

#[timed(name = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
fn too_long() {}

fn main() {}
