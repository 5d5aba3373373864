use cryostorm::counted;

#[counted(name = "2xx")]
fn digit_first() {}

#[counted(name = "_calls")]
fn underscore_first() {}

#[counted(name = "orders charged")]
fn space() {}

#[counted(name = "commandes.payées")]
fn accent() {}

#[counted(name = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
fn too_long() {}

fn main() {}
