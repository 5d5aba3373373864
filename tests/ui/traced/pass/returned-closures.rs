// The parameter types of a closure are inferred from the signature.
#![deny(warnings)]

use cryostorm::traced;

#[traced]
fn adder() -> impl Fn(u32) -> u32 {
    |x| x + 1
}

#[traced]
fn lengths(times: usize) -> impl FnMut(&str) -> usize {
    let mut sum = 0;
    move |text| {
        sum += text.len() * times;
        sum
    }
}

#[traced]
fn once(text: String) -> impl FnOnce() -> String + Send + 'static {
    move || text
}

#[traced]
fn methods_on_parameters() -> impl Fn(&[u8], String) -> Option<usize> {
    |bytes, text| Some(bytes.len() + text.len())
}

#[traced]
fn early(is_double: bool) -> Box<dyn Fn(u32) -> u32> {
    if is_double {
        return Box::new(|x| x * 2);
    }
    Box::new(|x| x)
}

#[traced]
fn fallible(text: &str) -> Result<impl Fn(u32) -> u32 + use<>, std::num::ParseIntError> {
    let summand: u32 = text.parse()?;
    Ok(move |x: u32| x + summand)
}

#[traced]
fn composed<A, B, C>(first: impl Fn(A) -> B, second: impl Fn(B) -> C) -> impl Fn(A) -> C {
    move |value| second(first(value))
}

#[traced]
async fn in_a_future() -> impl Fn(u32) -> u32 {
    |x: u32| x + 1
}

fn main() {
    assert_eq!(adder()(1), 2);
    assert_eq!(lengths(2)("abc"), 6);
    assert_eq!(once("a".to_owned())(), "a");
    assert_eq!(methods_on_parameters()(b"ab", String::new()), Some(2));
    assert_eq!(early(true)(2), 4);
    assert_eq!(fallible("3").unwrap()(2), 5);
    assert_eq!(composed(adder(), adder())(1), 3);
    assert_eq!(futures::executor::block_on(in_a_future())(1), 2);
}
