use cryostorm::traced;

#[traced]
fn charge(text: String) -> Result<String, String> {
    drop(text);
    Ok(text)
}

fn main() {}
