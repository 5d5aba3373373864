use cryostorm::traced;

#[traced]
fn sync() -> Result<u32, String> {}

#[traced]
async fn asynchronous() -> u32 {
    let _number = 1;
}

fn main() {}
