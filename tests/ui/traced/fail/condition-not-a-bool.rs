use cryostorm::traced;

#[traced(if = 3)]
fn number() {}

#[traced(if = cents)]
async fn argument(cents: u64) -> Result<u64, String> {
    Ok(cents)
}

fn main() {}
