use cryostorm::counted;

#[counted(attributes(user = user))]
fn charge(user: String) {
    let _ = user;
}

fn main() {}
