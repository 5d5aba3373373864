#![deny(warnings)]

use cryostorm::{counted, traced};

macro_rules! tokens {
    ($trait:path, $type:ty, { $($body:tt)* }) => {
        #[traced]
        #[counted]
        impl $trait for $type { $($body)* }
    };
}

macro_rules! methods {
    ($name:ident, $($method:item)*) => {
        #[traced]
        impl $name {
            $(#[cfg(all())] $method)*
        }
    };
}

macro_rules! parts {
    ($name:ident: $(#[$attribute:meta])* $visibility:vis fn $method:ident() -> $output:ty $body:block) => {
        #[traced]
        impl $name {
            const START: u8 = $body;

            $(#[$attribute])* $visibility fn $method() -> $output $body
        }
    };
}

macro_rules! whole {
    ($item:item) => {
        #[traced]
        #[counted]
        $item
    };
}

struct Order;

trait Payment {
    const TIMES: u8;

    fn pay(&self) -> u8;
}

tokens!(self::Payment, Order, {
    const TIMES: u8 = 2;

    fn pay(&self) -> u8 {
        Self::TIMES
    }
});

methods! { Order,
    const FIRST: u8 = 1;

    /// Counted apart.
    #[counted(name = "orders")]
    fn first() -> u8 {
        Self::FIRST
    }

    #[cryostorm(skip)]
    const fn second() -> u8 {
        2
    }
}

parts!(Order: #[must_use] #[counted] pub fn start() -> u8 { 3 });

whole! {
    impl Order {
        fn whole(self) -> Self {
            self
        }
    }
}

fn main() {
    assert_eq!(Order.whole().pay(), 2);
    assert_eq!(Order::first() + Order::second(), 3);
    assert_eq!(Order::start(), Order::START);
}
