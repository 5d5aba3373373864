use cryostorm::traced;

#[traced]
fn sync() -> Result<&'static str, String> {
    let text = String::new();
    Ok(&text)
}

#[traced]
async fn asynchronous(text: String) -> Option<&'static str> {
    Some(&text)
}

fn main() {}
