use cryostorm::traced;

use std::pin::Pin;

#[traced]
fn opaque() -> impl Future<Output = Result<u32, String>> {
    async { Ok("text") }
}

#[traced]
fn boxed() -> Pin<Box<dyn Future<Output = u32> + Send>> {
    Box::pin(async { "text" })
}

fn main() {}
