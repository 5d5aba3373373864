use cryostorm::counted;

#[derive(Clone, Copy)]
enum Channel {
    Web,
}

#[counted(attributes(channel = channel))]
fn charge(channel: Channel) {}

fn main() {
    charge(Channel::Web);
}
