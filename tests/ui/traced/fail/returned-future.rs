use cryostorm::traced;
use std::future::Future;
use std::pin::Pin;

#[traced]
fn opaque() -> impl Future<Output = u32> + Send {
    async { 1 }
}

#[traced]
fn boxed() -> Pin<Box<dyn Future<Output = u32> + Send>> {
    Box::pin(async { 1 })
}

// A future inside is not what is returned.
#[traced]
fn of_futures() -> Vec<Box<dyn Future<Output = u32>>> {
    Vec::new()
}

fn main() {}
