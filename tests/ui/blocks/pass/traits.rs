#![deny(warnings)]

use cryostorm::{timed, traced};
use std::fmt;

/// Something that greets.
#[traced]
#[timed]
trait Greeting: fmt::Debug {
    type Word: fmt::Display;
    const LOUD: bool = false;

    fn name(&self) -> Self::Word;

    fn greeting(&self) -> String {
        let end = if Self::LOUD { "!" } else { "." };
        format!("Hello, {}{end}", self.name())
    }

    async fn later(&self) -> String
    where
        Self: Sync,
    {
        self.greeting()
    }
}

#[derive(Debug)]
struct Person<'a>(&'a str);

#[traced(attributes(of = "a person"))]
impl<'a> Greeting for Person<'a> {
    type Word = &'a str;
    const LOUD: bool = true;

    fn name(&self) -> &'a str {
        self.0
    }
}

#[traced]
impl fmt::Display for Person<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

#[traced]
impl Iterator for Person<'_> {
    type Item = char;

    fn next(&mut self) -> Option<Self::Item> {
        None
    }
}

fn main() {
    let mut person = Person("Ada");
    assert_eq!(person.greeting(), "Hello, Ada!");
    assert_eq!(futures::executor::block_on(person.later()), "Hello, Ada!");
    assert_eq!(person.to_string(), "Ada");
    assert_eq!(person.next(), None);
}
