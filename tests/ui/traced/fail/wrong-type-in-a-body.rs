use cryostorm::traced;

#[traced]
fn sync(text: &str) -> Result<u32, String> {
    let number: u32 = text;
    Ok(number)
}

#[traced]
async fn asynchronous(text: &str) -> Result<u32, String> {
    let number: u32 = text;
    Ok(number)
}

#[traced]
fn future(text: &'static str) -> impl Future<Output = Result<u32, String>> {
    async move {
        let number: u32 = text;
        Ok(number)
    }
}

fn main() {}
