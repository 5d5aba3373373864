#![deny(warnings)]

use cryostorm::traced;
use futures::executor::block_on;
use futures::future::BoxFuture;
use std::pin::Pin;

#[traced]
fn direct(number: u64) -> u64 {
    if number == 0 { 1 } else { number * direct(number - 1) }
}

#[traced]
fn fallible(number: u64) -> Result<u64, String> {
    if number == 0 { Ok(1) } else { Ok(number * fallible(number - 1)?) }
}

#[traced]
fn is_even(number: u64) -> bool {
    number == 0 || is_odd(number - 1)
}

#[traced]
fn is_odd(number: u64) -> bool {
    number != 0 && is_even(number - 1)
}

#[traced]
async fn boxed_at_the_call(number: u64) -> Result<u64, String> {
    if number == 0 {
        return Ok(1);
    }
    Ok(number * Box::pin(boxed_at_the_call(number - 1)).await?)
}

#[traced]
fn boxed_in_the_type(number: u64) -> Pin<Box<dyn Future<Output = u64> + Send>> {
    Box::pin(async move { if number == 0 { 1 } else { number * boxed_in_the_type(number - 1).await } })
}

#[traced(attributes(number = number))]
fn boxed_after_statements(number: u64) -> BoxFuture<'static, Result<u64, String>> {
    let before = number.saturating_sub(1);
    Box::pin(async move { if number == 0 { Ok(1) } else { Ok(number * boxed_after_statements(before).await?) } })
}

struct Node(Vec<Node>);

impl Node {
    #[traced]
    fn size(&self) -> usize {
        self.0.iter().map(Self::size).sum::<usize>() + 1
    }

    #[traced]
    async fn depth(&self) -> usize {
        let mut deepest = 0;
        for node in &self.0 {
            deepest = deepest.max(Box::pin(node.depth()).await);
        }
        deepest + 1
    }
}

fn main() {
    assert_eq!(direct(3), 6);
    assert_eq!(fallible(3), Ok(6));
    assert!(is_even(2));
    let tree = Node(vec![Node(vec![]), Node(vec![])]);
    assert_eq!(tree.size(), 3);
    block_on(async {
        assert_eq!(boxed_at_the_call(3).await, Ok(6));
        assert_eq!(boxed_in_the_type(3).await, 6);
        assert_eq!(boxed_after_statements(3).await, Ok(6));
        assert_eq!(tree.depth().await, 2);
    });
}
