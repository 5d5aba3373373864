#![deny(warnings)]

use cryostorm::traced;
use futures::executor::block_on;
use std::num::ParseIntError;

#[traced]
async fn nothing() {}

#[traced]
async fn number(text: &str) -> Result<u32, ParseIntError> {
    if text.is_empty() {
        return Ok(0);
    }
    nothing().await;
    let number = text.parse::<u32>()?;
    Ok(number)
}

#[traced]
async fn question_mark_converts(text: &str) -> Result<u32, Box<dyn std::error::Error + Send + Sync>> {
    Ok(text.parse::<u32>()?)
}

#[traced]
async fn infers_from_the_signature() -> Vec<u8> {
    "text".bytes().collect()
}

#[traced(attributes(text = &text, length = text.len()))]
async fn takes_what_an_attribute_borrows(text: String) -> String {
    text
}

#[traced]
async fn borrows(text: &mut String, part: &str) -> usize {
    text.push_str(part);
    text.len()
}

#[traced]
async fn opaque(numbers: impl Iterator<Item = u32> + Send) -> Result<impl Iterator<Item = u32>, ParseIntError> {
    Ok(numbers.map(|number| number + 1))
}

#[traced]
async fn first<T>(items: &[T]) -> Option<T>
where
    T: Send + Clone + 'static,
{
    items.first().cloned()
}

#[traced]
async unsafe fn raw(number: u32) -> u32 {
    number
}

#[traced]
async fn never() -> ! {
    std::process::exit(0)
}

struct Store {
    items: Vec<String>,
}

impl Store {
    #[traced(attributes(count = self.items.len()))]
    async fn newest(&self) -> Option<&str> {
        self.items.last().map(String::as_str)
    }

    #[traced]
    async fn add(&mut self, item: String) -> Result<&mut Self, ParseIntError> {
        self.items.push(item);
        Ok(self)
    }

    #[traced]
    async fn into_items(self) -> Vec<String> {
        self.items
    }
}

trait Service {
    async fn call(&self) -> u32;

    #[traced]
    async fn call_twice(&self) -> u32 {
        self.call().await + self.call().await
    }
}

impl Service for Store {
    #[traced]
    async fn call(&self) -> u32 {
        1
    }
}

fn is_send<T: Send>(value: T) -> T {
    value
}

fn main() {
    block_on(async {
        assert_eq!(is_send(number("7")).await, Ok(7));
        assert_eq!(number("").await, Ok(0));
        assert!(question_mark_converts("x").await.is_err());
        assert_eq!(infers_from_the_signature().await, b"text");
        assert_eq!(takes_what_an_attribute_borrows("a".to_owned()).await, "a");
        assert_eq!(borrows(&mut String::new(), "abc").await, 3);
        assert_eq!(opaque([1, 2].into_iter()).await.unwrap().sum::<u32>(), 5);
        assert_eq!(first(&[1, 2]).await, Some(1));
        assert_eq!(unsafe { raw(6) }.await, 6);
        let mut store = Store { items: Vec::new() };
        store.add("b".to_owned()).await.unwrap();
        assert_eq!(store.newest().await, Some("b"));
        assert_eq!(store.call_twice().await, 2);
        assert_eq!(store.into_items().await, ["b"]);
        never().await;
    });
}
