#![deny(warnings)]

mod shop {
    pub mod attributes {
        pub use cryostorm::{counted, timed, traced};
    }
}

mod renamed {
    pub use cryostorm as telemetry;
}

fn main() {
    use shop::attributes::{counted, traced};

    struct Order;

    // The imports of this function are what the attributes below the first are found by.
    #[traced(crate = renamed::telemetry)]
    #[counted]
    impl Order {
        fn pay() -> u8 {
            use shop::attributes::timed;

            #[timed]
            fn inner() -> u8 {
                7
            }

            inner()
        }
    }

    assert_eq!(Order::pay(), 7);
}
