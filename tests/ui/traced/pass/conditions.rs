#![deny(warnings)]

use cryostorm::{counted, traced};

struct Job {
    is_traced: bool,
}

impl Job {
    #[traced(if = self.is_traced)]
    fn run(&self) -> u8 {
        1
    }
}

#[traced(if = cents > 100 && cents < 1_000)]
fn compared(cents: u64) -> u64 {
    cents
}

#[traced(if = !name.is_empty(), name = "greet {name}", attributes(name = name))]
fn with_others(name: &str) -> Result<&str, String> {
    Ok(name)
}

#[traced(if = { let first = items.first(); first.is_some_and(|first| *first > 0) })]
fn block(items: &[u8]) {
    let _ = items;
}

#[traced(if = matches!(result, Ok(number) if number > 1))]
#[counted]
async fn in_a_future(result: Result<u8, u8>) -> Result<u8, u8> {
    result
}

#[traced(if = false)]
fn never() -> impl Future<Output = ()> {
    async {}
}

fn main() {
    assert_eq!(Job { is_traced: true }.run(), 1);
    assert_eq!(compared(7), 7);
    assert_eq!(with_others("a"), Ok("a"));
    block(&[]);
    futures::executor::block_on(async {
        assert_eq!(in_a_future(Ok(2)).await, Ok(2));
        never().await;
    });
}
