// Methods of the traits that everybody implements.
#![deny(warnings)]

use cryostorm::{counted, timed, traced};
use futures::{Stream, StreamExt};
use std::fmt;
use std::num::ParseIntError;
use std::ops::Index;
use std::pin::Pin;
use std::str::FromStr;
use std::task::{Context, Poll};

#[derive(Default)]
struct Queue {
    items: Vec<u8>,
}

impl Iterator for Queue {
    type Item = Result<u8, String>;

    #[traced(ok(item = |item| *item))]
    #[counted]
    #[timed]
    fn next(&mut self) -> Option<Self::Item> {
        Some(Ok(self.items.pop()?))
    }
}

impl FromStr for Queue {
    type Err = ParseIntError;

    #[traced(attributes(text = text))]
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self { items: vec![text.parse()?] })
    }
}

impl Index<usize> for Queue {
    type Output = u8;

    #[traced]
    fn index(&self, index: usize) -> &u8 {
        &self.items[index]
    }
}

impl Drop for Queue {
    #[traced]
    fn drop(&mut self) {
        self.items.clear();
    }
}

impl fmt::Display for Queue {
    #[traced]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for item in &self.items {
            write!(formatter, "{item}")?;
        }
        Ok(())
    }
}

impl Stream for Queue {
    type Item = Result<u8, String>;

    #[traced]
    fn poll_next(mut self: Pin<&mut Self>, _wakeup: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(Iterator::next(&mut *self))
    }
}

struct Ready(u8);

impl Future for Ready {
    type Output = Result<u8, String>;

    #[traced(err(error = |error| error.as_str()))]
    fn poll(self: Pin<&mut Self>, _wakeup: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(Ok(self.0))
    }
}

impl From<Queue> for Ready {
    #[traced(ok(number = |ready| ready.0))]
    fn from(queue: Queue) -> Self {
        Self(queue[0])
    }
}

fn main() {
    let mut queue: Queue = "7".parse().unwrap();
    assert_eq!(queue.to_string(), "7");
    assert_eq!(Iterator::next(&mut queue), Some(Ok(7)));
    futures::executor::block_on(async {
        assert_eq!(StreamExt::next(&mut queue).await, None);
        assert_eq!(Ready::from("1".parse::<Queue>().unwrap()).await, Ok(1));
    });
}
