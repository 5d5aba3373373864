#![deny(warnings)]

use cryostorm::traced;
use std::collections::HashMap;

struct Parser<'a> {
    rest: &'a str,
}

impl<'a> Parser<'a> {
    #[traced]
    fn rest(&self) -> &'a str {
        self.rest
    }

    #[traced]
    fn word(&mut self) -> Option<&'a str> {
        let (word, rest) = self.rest.split_once(' ')?;
        self.rest = rest;
        Some(word)
    }

    #[traced]
    async fn word_in_a_future(&mut self) -> Result<&'a str, &'a str> {
        self.word().ok_or(self.rest)
    }
}

struct Cache {
    items: HashMap<u64, String>,
}

impl Cache {
    #[traced(attributes(key = key))]
    fn item(&mut self, key: u64) -> Result<&mut String, u64> {
        self.items.get_mut(&key).ok_or(key)
    }

    #[traced]
    fn item_or_new(&mut self, key: u64) -> &mut String {
        self.items.entry(key).or_default()
    }

    #[traced]
    fn borrowed_with_question_mark(&mut self, key: u64) -> Result<&mut str, u64> {
        let item = self.item(key)?;
        item.push('!');
        Ok(item.as_mut_str())
    }

    #[traced(ok(length = |item| item.len()))]
    async fn item_in_a_future(&mut self, key: u64) -> Result<&mut String, u64> {
        self.items.get_mut(&key).ok_or(key)
    }

    #[traced]
    fn both<'cache, 'key>(&'cache self, _key: &'key str) -> Option<(&'cache String, &'static str)> {
        self.items.values().next().map(|item| (item, "static"))
    }
}

#[traced]
fn elided(text: &str) -> Parser<'_> {
    Parser { rest: text }
}

#[traced]
fn longest<'a, 'b: 'a>(left: &'a str, right: &'b str) -> Result<&'a str, &'b str> {
    if left.len() < right.len() { Ok(right) } else { Ok(left) }
}

#[traced]
fn higher_ranked<F>(observe: F) -> usize
where
    F: for<'x> Fn(&'x str) -> &'x str,
{
    observe("text").len()
}

#[traced]
fn trait_object(observe: &dyn for<'x> Fn(&'x str) -> &'x str) -> Box<dyn for<'x> Fn(&'x u8) -> &'x u8> {
    let _ = observe("a");
    Box::new(|x| x)
}

#[traced]
async fn late_and_early<'a, T: 'a + ?Sized>(value: &'a T, _other: &str) -> &'a T {
    value
}

fn main() {
    let mut parser = elided("one two three");
    assert_eq!(parser.word(), Some("one"));
    assert_eq!(parser.rest(), "two three");
    let mut cache = Cache { items: HashMap::from([(1, "a".to_owned())]) };
    cache.item(1).unwrap().push('b');
    cache.item_or_new(2).push('c');
    assert_eq!(cache.borrowed_with_question_mark(1).unwrap(), "ab!");
    assert!(cache.both("key").is_some());
    assert_eq!(longest("a", "bc"), Ok("bc"));
    assert_eq!(higher_ranked(|text| &text[1..]), 3);
    assert_eq!(trait_object(&|text| text)(&1), &1);
    futures::executor::block_on(async {
        assert_eq!(parser.word_in_a_future().await, Ok("two"));
        assert_eq!(cache.item_in_a_future(2).await.unwrap(), "c");
        assert_eq!(late_and_early("a", "b").await, "a");
    });
}
