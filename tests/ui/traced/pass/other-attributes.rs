// Attributes of others, before and after ours.
#![deny(warnings)]

use cryostorm::{counted, timed, traced};

/// Documented.
#[inline]
#[traced]
#[must_use]
#[allow(unused_variables)]
fn between() -> u8 {
    let unused = 1;
    2
}

#[traced]
#[inline(always)]
#[cold]
#[doc(hidden)]
#[doc = "Documented."]
fn after() {}

#[deprecated = "only to be seen"]
#[cfg(all())]
#[traced]
#[cfg_attr(all(), counted, inline(never))]
#[cfg_attr(any(), timed)]
fn conditional() -> Result<(), String> {
    Ok(())
}

#[cfg_attr(all(), traced)]
#[cfg(any())]
fn removed() -> Missing {}

#[cfg_attr(all(), traced(name = "conditional"), timed)]
async fn in_a_future() -> u8 {
    #![allow(unused_variables)]
    let unused = 1;
    2
}

#[traced]
#[unsafe(no_mangle)]
extern "C" fn cryostorm_exported() -> u8 {
    1
}

#[traced]
#[expect(clippy::needless_return, unused_mut)]
fn expecting() -> Result<u8, String> {
    let mut number = 1;
    return Ok(number);
}

#[traced]
fn on_arguments(#[cfg(any())] removed: Missing, #[allow(unused_variables)] number: u8) {}

struct Shop;

#[allow(dead_code)]
impl Shop {
    #[must_use = "it is the id"]
    #[timed]
    #[counted]
    #[traced]
    #[rustfmt::skip]
    fn id(&self) -> u8 { 1 }
}

#[test]
#[traced]
fn test_outside() {}

#[traced]
#[test]
#[should_panic = "no"]
fn test_inside() -> Result<(), String> {
    panic!("no")
}

#[traced]
#[tokio::test]
async fn tokio_test_inside() -> Result<(), String> {
    Ok(())
}

#[tokio::test(flavor = "current_thread")]
#[traced]
async fn tokio_test_outside() {}

#[traced]
#[tokio::main(flavor = "current_thread")]
async fn runtime_inside(number: u8) -> Result<u8, String> {
    tokio::task::yield_now().await;
    Ok(number)
}

#[tokio::main]
#[traced]
async fn main() {
    assert_eq!(between(), 2);
    after();
    #[allow(deprecated)]
    conditional().unwrap();
    assert_eq!(in_a_future().await, 2);
    assert_eq!(cryostorm_exported(), 1);
    assert_eq!(expecting(), Ok(1));
    on_arguments(1);
    assert_eq!(Shop.id(), 1);
    assert_eq!(std::thread::spawn(|| runtime_inside(1)).join().unwrap(), Ok(1));
}
