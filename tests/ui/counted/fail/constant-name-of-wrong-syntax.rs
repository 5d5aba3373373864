use cryostorm::counted;

const BLANK: &str = "orders charged";

#[counted(name = BLANK)]
fn blank() {}

const DIGIT: &str = "2xx";

#[counted(name = DIGIT)]
fn digit_first() {}

fn main() {}
