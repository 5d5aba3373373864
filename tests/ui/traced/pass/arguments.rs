#![deny(warnings)]

use cryostorm::traced;

struct Point {
    x: i32,
    y: i32,
}

#[traced(attributes(sum = x + y))]
fn destructured(Point { x, y }: Point, (first, ..): (u8, u8), [head, ..]: [u8; 2]) -> Result<i32, String> {
    Ok(x + y + i32::from(first) + i32::from(head))
}

#[traced]
fn mutable(mut text: String, mut count: usize) -> Option<String> {
    count += 1;
    text.push('!');
    Some(text.repeat(count))
}

#[traced]
fn references(&x: &u8, &mut ref mut y: &mut u8) -> Result<u8, u8> {
    *y += x;
    Ok(*y)
}

#[traced]
fn ignored(_: String, _unused: Vec<u8>, _: &mut u8) -> Result<(), String> {
    Ok(())
}

#[traced]
fn bound(all @ Point { x, .. }: &Point) -> i32 {
    all.y + x
}

#[traced]
async fn destructured_in_a_future(Point { x, y }: Point, (mut first, _): (u8, u8), _: u8) -> Result<i32, String> {
    first += 1;
    Ok(x + y + i32::from(first))
}

#[traced]
fn consumed(text: String, reader: Box<dyn FnOnce(String) -> usize>) -> Result<usize, String> {
    Ok(reader(text))
}

#[traced]
fn consumed_in_a_branch(text: Option<String>) -> Result<String, ()> {
    if let Some(text) = text { Ok(text) } else { Err(()) }
}

#[traced(attributes(length = text.len()))]
fn shadowed(text: &str) -> Result<usize, String> {
    let text = text.to_owned() + "!";
    Ok(text.len())
}

#[traced]
fn reborrowed(items: &mut Vec<u8>) -> Result<&mut u8, ()> {
    items.push(1);
    items.last_mut().ok_or(())
}

#[traced]
fn many(_a: u8, _b: u8, _c: u8, _d: u8, _e: u8, _f: u8, _g: u8, _h: u8, _i: u8, _j: u8, _k: u8, _l: u8, _m: u8) {}

fn main() {
    assert_eq!(destructured(Point { x: 1, y: 2 }, (1, 2), [1, 2]), Ok(5));
    assert_eq!(mutable("a".to_owned(), 1).unwrap(), "a!a!");
    assert_eq!(references(&1, &mut 2), Ok(3));
    ignored(String::new(), vec![], &mut 1).unwrap();
    assert_eq!(bound(&Point { x: 1, y: 2 }), 3);
    assert_eq!(consumed("a".to_owned(), Box::new(|text| text.len())), Ok(1));
    assert_eq!(consumed_in_a_branch(None), Err(()));
    assert_eq!(shadowed("a"), Ok(2));
    assert_eq!(reborrowed(&mut vec![]), Ok(&mut 1));
    many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13);
    let future = destructured_in_a_future(Point { x: 1, y: 2 }, (1, 2), 3);
    assert_eq!(futures::executor::block_on(future), Ok(5));
}
