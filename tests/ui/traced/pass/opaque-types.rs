// `impl Trait` as arguments, as what is returned, and inside of that.
#![deny(warnings)]

use cryostorm::traced;
use std::error::Error;
use std::fmt::{Debug, Display};
use std::num::ParseIntError;

#[traced(attributes(label = %label))]
fn argument(label: impl Display, items: impl IntoIterator<Item = impl Into<u64>>) -> u64 {
    let sum: u64 = items.into_iter().map(Into::into).sum();
    sum + label.to_string().len() as u64
}

#[traced]
fn iterator<'a>(items: &'a [u32]) -> impl Iterator<Item = &'a u32> + Clone + 'a {
    items.iter()
}

#[traced]
fn early_return(is_empty: bool) -> impl Iterator<Item = u8> {
    if is_empty {
        return vec![].into_iter();
    }
    vec![1].into_iter()
}

#[traced]
fn in_ok(text: &str) -> Result<impl Iterator<Item = u32> + use<>, ParseIntError> {
    let end: u32 = text.parse()?;
    Ok(0..end)
}

#[traced]
fn in_err(fails: bool) -> Result<u8, impl Error> {
    if fails { "x".parse::<u8>() } else { Ok(1) }
}

#[traced]
fn in_both(fails: bool) -> Result<impl Display, impl Error + Send + Sync + 'static> {
    if fails {
        return Err(std::fmt::Error);
    }
    Ok("good")
}

#[traced]
fn in_option() -> Option<impl Debug> {
    Some(1)
}

#[traced]
fn in_box() -> Box<impl Debug> {
    Box::new(1)
}

#[traced]
fn in_tuple() -> (impl Display, impl Debug) {
    (1, 2)
}

#[traced]
fn nested() -> impl Iterator<Item = impl Iterator<Item = u8>> {
    (0..2).map(|end| 0..end)
}

#[traced]
fn default_type() -> impl Default + PartialEq<u8> + Debug {
    0_u8
}

#[traced]
async fn in_a_future(text: &str) -> Result<impl Iterator<Item = u32> + use<>, ParseIntError> {
    let end: u32 = text.parse()?;
    Ok(0..end)
}

#[traced]
async fn error_in_a_future() -> Result<u8, impl Error> {
    "1".parse::<u8>()
}

fn main() {
    assert_eq!(argument("a", [1_u8, 2]), 4);
    assert_eq!(iterator(&[1]).clone().count(), 1);
    assert_eq!(early_return(false).count(), 1);
    assert_eq!(in_ok("2").unwrap().count(), 2);
    assert!(in_err(true).is_err());
    assert_eq!(in_both(false).unwrap().to_string(), "good");
    assert_eq!(format!("{:?}", in_option()), "Some(1)");
    assert_eq!(format!("{:?}", in_box()), "1");
    assert_eq!(in_tuple().0.to_string(), "1");
    assert_eq!(nested().flatten().count(), 1);
    assert_eq!(default_type(), 0);
    futures::executor::block_on(async {
        assert_eq!(in_a_future("2").await.unwrap().count(), 2);
        assert_eq!(error_in_a_future().await.unwrap(), 1);
    });
}
