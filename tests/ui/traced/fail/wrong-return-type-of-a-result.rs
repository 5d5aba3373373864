use cryostorm::traced;

#[traced]
fn sync() -> Result<u32, String> {
    "text"
}

#[traced]
async fn asynchronous() -> Result<u32, String> {
    Ok("text")
}

#[traced]
fn early(is_early: bool) -> Result<u32, String> {
    if is_early {
        return 1;
    }
    Ok(2)
}

fn main() {}
