//! Arguments that hold a reference, are given another one, and are returned.
#![deny(warnings)]

use cryostorm::traced;
use std::fmt;

struct Node {
    value: u32,
    next: Option<Box<Node>>,
}

#[traced]
fn last<'a>(mut node: &'a mut Node, limit: u32) -> Result<&'a mut Node, fmt::Error> {
    let mut steps = 0;
    while node.next.is_some() {
        steps += 1;
        if steps > limit {
            return Err(fmt::Error);
        }
        node = node.next.as_deref_mut().ok_or(fmt::Error)?;
    }
    Ok(node)
}

struct Cursor<'a> {
    node: &'a mut Node,
}

impl<'a> Cursor<'a> {
    #[traced(ok(node.value = |node| node.value))]
    fn last(mut self) -> Result<&'a mut Node, fmt::Error> {
        while self.node.next.is_some() {
            self.node = self.node.next.as_deref_mut().ok_or(fmt::Error)?;
        }
        Ok(self.node)
    }
}

#[traced]
fn of_pair<'a>((mut first, second): (&'a mut u32, &'a mut u32), swap: bool) -> Option<&'a mut u32> {
    if swap {
        first = second;
    }
    Some(first)
}

fn main() {
    let mut list = Node { value: 1, next: Some(Box::new(Node { value: 2, next: None })) };
    assert_eq!(last(&mut list, 3).unwrap().value, 2);
    assert!(last(&mut list, 0).is_err());
    assert_eq!(Cursor { node: &mut list }.last().unwrap().value, 2);
    assert_eq!(of_pair((&mut 1, &mut 2), true), Some(&mut 2));
}
