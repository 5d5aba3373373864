use cryostorm::traced;

#[traced]
fn sync(text: &str) -> u32 {
    text.parse::<u32>()?
}

#[traced]
async fn asynchronous(text: &str) {
    text.parse::<u32>()?;
}

fn main() {}
