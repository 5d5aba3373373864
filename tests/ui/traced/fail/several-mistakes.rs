use cryostorm::traced;

#[traced(name = 3, kind = client, colour = "red", attributes(id, "" = 1, total = %total))]
fn charge(total: u32) -> u32 {
    total
}

fn caller() -> u32 {
    charge(1)
}

fn main() {}
