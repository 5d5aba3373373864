use cryostorm::traced;

struct Failed;

#[traced]
async fn parsed(text: &str) -> Result<u32, Failed> {
    Ok(text.parse::<u32>()?)
}

fn main() {}
