// A function that cannot fail still sees its caller.
#![deny(warnings)]

use cryostorm::{counted, timed, traced};
use std::panic::Location;

#[traced]
#[track_caller]
fn line() -> u32 {
    Location::caller().line()
}

#[track_caller]
#[traced(attributes(line = Location::caller().line()))]
#[counted]
#[timed]
fn location() -> &'static Location<'static> {
    let caller = Location::caller();
    caller
}

struct Shop;

impl Shop {
    #[traced]
    #[track_caller]
    fn check(&self, expected: u32) {
        assert_eq!(Location::caller().line(), expected);
    }
}

fn main() {
    let here = line!();
    assert_eq!(line(), line!());
    assert_eq!(location().line(), here + 2);
    Shop.check(here + 3);
}
