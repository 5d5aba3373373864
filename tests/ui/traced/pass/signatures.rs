#![deny(warnings)]

use cryostorm::traced;
use std::fmt::{Debug, Display};

struct Point {
    x: i32,
    y: i32,
}

#[traced(attributes(x = x, sum = x + y))]
fn destructured(Point { x, y }: Point, (first, .., last): (u8, u8, u8), [head, tail @ ..]: [u8; 3]) -> i32 {
    x + y + i32::from(first) + i32::from(last) + i32::from(head) + i32::try_from(tail.len()).unwrap()
}

#[traced]
fn mutable(mut text: String, &mut ref mut count: &mut u32, _: u8, _unused: u8) -> String {
    text.push('!');
    *count += 1;
    text
}

#[traced(attributes(label = %label))]
fn generic<'a, T, const N: usize>(items: &'a [T; N], label: impl Display + Copy) -> &'a T
where
    T: Debug + 'a,
    for<'b> &'b T: Debug,
    [(); { const ONE: usize = 1; ONE }]: Sized,
{
    let _ = label.to_string();
    &items[0]
}

#[traced]
fn with_arrows<F: Fn(u32) -> u32, G>(first: F, second: G) -> u32
where
    G: FnOnce(F) -> u32,
{
    second(first)
}

#[traced]
fn opaque<'a>(items: &'a [u32]) -> impl Iterator<Item = &'a u32> + use<'a> {
    items.iter()
}

#[traced]
fn opaque_inside(fails: bool) -> Result<impl Fn(u32) -> Result<u32, String> + Send, Box<dyn std::error::Error>> {
    if fails {
        Err("no")?;
    }
    Ok(|number| Ok(number + 1))
}

#[traced]
fn opaque_pair() -> (impl Display, impl Debug) {
    (1, 2)
}

#[traced]
fn r#match(r#type: u8) -> u8 {
    r#type
}

#[traced]
fn inner_attribute() -> i32 {
    #![allow(unused_variables)]
    let nothing = 0;
    1
}

#[traced]
fn recursive(number: u32) -> u32 {
    if number == 0 { 0 } else { recursive(number - 1) + 1 }
}

#[traced]
fn nested() -> u32 {
    #[traced]
    fn inside() -> u32 {
        1
    }
    inside()
}

fn main() {
    assert_eq!(destructured(Point { x: 1, y: 2 }, (1, 2, 3), [1, 2, 3]), 10);
    assert_eq!(mutable("a".to_owned(), &mut 0, 1, 2), "a!");
    assert_eq!(generic(&[1, 2], "x"), &1);
    assert_eq!(with_arrows(|number| number + 1, |first| first(1)), 2);
    assert_eq!(opaque(&[1, 2]).count(), 2);
    assert_eq!(opaque_inside(false).unwrap()(1), Ok(2));
    assert!(opaque_inside(true).is_err());
    assert_eq!(opaque_pair().0.to_string(), "1");
    assert_eq!(r#match(3), 3);
    assert_eq!(inner_attribute(), 1);
    assert_eq!(recursive(3), 3);
    assert_eq!(nested(), 1);
}
