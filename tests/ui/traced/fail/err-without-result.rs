use cryostorm::traced;

struct Receipt;

#[traced(err(code = |error| error))]
fn plain() -> Receipt {
    Receipt
}

#[traced(err(code = |error| error))]
async fn option() -> Option<Receipt> {
    None
}

#[traced(err(code = |error| error))]
fn unit() {}

fn main() {}
