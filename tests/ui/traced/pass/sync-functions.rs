#![deny(warnings)]

use cryostorm::traced;
use std::num::ParseIntError;

#[traced]
fn nothing() {}

#[traced]
fn unit() -> () {
    nothing()
}

#[traced]
fn number(text: &str) -> Result<u32, ParseIntError> {
    if text.is_empty() {
        return Ok(0);
    }
    let number = text.parse::<u32>()?;
    Ok(number)
}

type Parsed<T> = Result<T, ParseIntError>;

#[traced]
fn alias(text: &str) -> Parsed<u32> {
    text.parse()
}

#[traced]
fn question_mark_converts(text: &str) -> Result<u32, Box<dyn std::error::Error>> {
    Ok(text.parse::<u32>()?)
}

#[traced]
fn option(text: &str) -> Option<char> {
    let first = text.chars().next()?;
    Some(first)
}

#[traced]
fn tuple() -> (u32, String) {
    (1, String::new())
}

#[traced]
fn array() -> [u8; { const SIZE: usize = 2; SIZE }] {
    [0; 2]
}

#[traced]
fn coerced() -> Box<dyn Fn(u32) -> u32> {
    Box::new(|number| number + 1)
}

#[traced]
fn pointer(function: fn(u32) -> u32) -> fn(u32) -> u32 {
    function
}

#[traced]
fn never() -> ! {
    std::process::exit(0)
}

#[traced]
fn todo() -> u32 {
    panic!("not today")
}

#[traced]
unsafe fn raw(pointer: *const u32) -> u32 {
    unsafe { *pointer }
}

#[traced]
extern "C" fn foreign(number: i32) -> i32 {
    number
}

#[traced]
pub(crate) unsafe extern "C" fn both(number: i32) -> i32 {
    number
}

fn main() {
    nothing();
    unit();
    assert_eq!(number("7"), Ok(7));
    assert_eq!(number(""), Ok(0));
    assert!(alias("x").is_err());
    assert!(question_mark_converts("x").is_err());
    assert_eq!(option("abc"), Some('a'));
    assert_eq!(tuple(), (1, String::new()));
    assert_eq!(array(), [0, 0]);
    assert_eq!(coerced()(1), 2);
    assert_eq!(pointer(|number| number)(3), 3);
    assert_eq!(unsafe { raw(&4) }, 4);
    assert_eq!(foreign(5), 5);
    assert_eq!(unsafe { both(6) }, 6);
    let _ = todo as fn() -> u32;
    never();
}
