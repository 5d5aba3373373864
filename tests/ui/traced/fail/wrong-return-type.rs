use cryostorm::traced;

#[traced]
fn sync() -> u32 {
    "text"
}

#[traced]
async fn asynchronous() -> u32 {
    "text"
}

fn main() {}
