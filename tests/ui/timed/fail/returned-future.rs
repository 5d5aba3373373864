use cryostorm::timed;
use std::future::Future;

#[timed]
fn later() -> impl Future<Output = u32> {
    async { 1 }
}

fn main() {}
