//! A body borrows and moves its arguments as it does without attributes.
#![deny(warnings)]

use cryostorm::{counted, timed, traced};
use std::collections::HashMap;
use std::fmt;
use std::ops::ControlFlow;

macro_rules! functions {
    ($module:ident, #[$traced:meta]) => {
        mod $module {
            use super::*;

            #[derive(Clone, Debug, Default)]
            struct Node {
                number: u32,
                name: String,
                next: Option<Box<Node>>,
            }

            #[repr(packed)]
            struct Packed {
                first: u8,
                second: u32,
            }

            struct Cursor<'a> {
                node: &'a mut Node,
                steps: u32,
                rest: &'a [u8],
            }

            #[$traced]
            #[counted]
            #[timed]
            impl Node {
                fn nth(&mut self, index: usize) -> Result<&mut Self, fmt::Error> {
                    let mut node = self;
                    for _ in 0..index {
                        node = node.next.as_deref_mut().ok_or(fmt::Error)?;
                    }
                    Ok(node)
                }

                fn chained(&mut self) -> Result<&mut Self, fmt::Error> {
                    self.number += 1;
                    Ok(self)
                }

                fn fields(&mut self) -> Result<(&mut String, &mut u32), fmt::Error> {
                    let Self { name, number, .. } = self;
                    Ok((name, number))
                }

                fn names(&self) -> Result<impl Iterator<Item = &str>, fmt::Error> {
                    Ok([self].into_iter().map(|node| node.name.as_str()))
                }

                fn into_name(self) -> Result<String, fmt::Error> {
                    Ok(self.name)
                }
            }

            #[$traced]
            #[counted]
            #[timed]
            impl<'a> Cursor<'a> {
                fn take(&mut self, length: usize) -> Option<&'a [u8]> {
                    let (taken, rest) = self.rest.split_at_checked(length)?;
                    self.rest = rest;
                    Some(taken)
                }

                fn advanced(mut self) -> Result<Self, fmt::Error> {
                    self.node = self.node.next.as_mut().ok_or(fmt::Error)?;
                    self.steps += 1;
                    Ok(self)
                }

                fn into_node(self) -> Result<&'a mut Node, fmt::Error> {
                    Ok(self.node)
                }
            }

            #[$traced]
            #[counted]
            #[timed]
            fn partly_moved(node: Node, map: &mut HashMap<String, u32>) -> Result<&mut u32, fmt::Error> {
                let name = node.name;
                if node.number == 0 {
                    return Err(fmt::Error);
                }
                Ok(map.entry(name).or_insert(node.number))
            }

            #[$traced]
            #[counted]
            #[timed]
            fn reassigned(mut node: Option<Box<Node>>) -> Result<u32, fmt::Error> {
                let mut sum = 0;
                while let Some(one) = node {
                    node = one.next;
                    sum += one.number;
                }
                Ok(sum)
            }

            #[$traced]
            #[counted]
            #[timed]
            fn packed(packed: &mut Packed) -> Result<u32, fmt::Error> {
                packed.second += u32::from(packed.first);
                Ok(packed.second)
            }

            #[$traced]
            #[counted]
            #[timed]
            fn searched(nodes: &mut [Node]) -> ControlFlow<&mut Node> {
                'search: for node in nodes {
                    match node.name.as_str() {
                        "" => continue 'search,
                        "end" => break 'search,
                        _ => return ControlFlow::Break(node),
                    }
                }
                ControlFlow::Continue(())
            }

            #[$traced]
            #[counted]
            #[timed]
            fn with_a_callback(call: &mut dyn FnMut(&str) -> fmt::Result) -> fmt::Result {
                call("a")?;
                call("b")
            }

            pub fn called() {
                let mut list = Node { next: Some(Box::default()), ..Node::default() };
                list.nth(1).unwrap().number = 3;
                assert_eq!(list.chained().unwrap().number, 1);
                list.fields().unwrap().0.push('a');
                assert_eq!(list.names().unwrap().count(), 1);
                assert_eq!(*partly_moved(list.clone(), &mut HashMap::new()).unwrap(), 1);
                assert_eq!(reassigned(Some(Box::new(list.clone()))), Ok(4));
                let mut cursor = Cursor { node: &mut list, steps: 0, rest: b"ab" };
                assert_eq!(cursor.take(1), Some(b"a".as_slice()));
                assert_eq!(cursor.advanced().unwrap().into_node().unwrap().number, 3);
                assert_eq!(packed(&mut Packed { first: 1, second: 2 }), Ok(3));
                assert!(searched(&mut [list.clone()]).is_break());
                assert!(with_a_callback(&mut |_| Ok(())).is_ok());
                assert_eq!(list.into_name().unwrap(), "a");
            }
        }
    };
}

functions!(plain, #[traced]);
functions!(observed, #[traced(ok(done = |_| true))]);

fn main() {
    plain::called();
    observed::called();
}
