use cryostorm::traced;

trait Stream {}

#[traced]
fn items() -> impl Stream {
    struct Items;
    impl Stream for Items {}
    Items
}

fn main() {}
