use cryostorm::traced;

#[traced]
trait Payment {
    type Receipt;

    fn charge(&self) -> Self::Receipt;
}

fn main() {}
