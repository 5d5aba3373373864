use cryostorm::traced;

#[traced(err)]
fn parse(text: &str) -> Result<u8, std::num::ParseIntError> {
    text.parse()
}

fn main() {}
