#![deny(warnings)]

use cryostorm::{counted, timed, traced};
use std::panic::Location;

struct Order(u64);

#[traced(kind = Internal, attributes(order.id = self.0))]
#[counted]
impl Order {
    #[cryostorm(skip)]
    const fn new(id: u64) -> Self {
        Self(id)
    }

    /// Stays as it is.
    #[cryostorm(skip)]
    #[track_caller]
    fn located() -> u32 {
        Location::caller().line()
    }

    fn id(&self) -> u64 {
        self.0
    }

    // Without `self`, and so with a `#[traced]` of its own.
    #[traced(name = "order.default")]
    fn usual() -> Self {
        Self(1)
    }

    #[cryostorm(skip)]
    #[timed]
    fn only_timed(&self) {}

    #[cfg_attr(all(), timed)]
    fn also_timed(&self) {}
}

#[traced]
trait Payment {
    #[cryostorm(skip)]
    fn declared(&self);

    #[cryostorm(skip)]
    fn skipped(&self) {}

    fn paid(&self) {}
}

impl Payment for Order {
    fn declared(&self) {}
}

const ORDER: Order = Order::new(7);

fn main() {
    assert_eq!(ORDER.id(), 7);
    assert_eq!(Order::located(), line!());
    assert_eq!(Order::usual().id(), 1);
    ORDER.only_timed();
    ORDER.also_timed();
    ORDER.declared();
    ORDER.skipped();
    ORDER.paid();
}
