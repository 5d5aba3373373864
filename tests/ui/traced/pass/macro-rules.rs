#![deny(warnings)]

use cryostorm::{counted, timed, traced};

macro_rules! function {
    ($(#[$meta:meta])* $visibility:vis $name:ident($argument:ident: $ty:ty) -> $output:ty $body:block) => {
        $(#[$meta])*
        #[counted]
        $visibility fn $name($argument: $ty) -> $output $body
    };
}

function! {
    /// A function whose attribute arrives in a fragment.
    #[traced(attributes(number = number))]
    #[timed]
    pub double(number: u64) -> Result<u64, String> {
        if number == 0 {
            return Err("zero".to_owned());
        }
        Ok(number * 2)
    }
}

macro_rules! annotated {
    ($item:item) => {
        #[traced]
        $item
    };
}

annotated! {
    fn whole_item(text: &str) -> &str {
        text
    }
}

macro_rules! options {
    ($name:ident, $literal:literal, $key:literal, $value:expr, $kind:ident) => {
        #[traced(name = $literal, kind = $kind, attributes($key = $value, argument = argument))]
        fn $name(argument: u64) -> u64 {
            let call = argument;
            call
        }
    };
}

options!(from_fragments, "span", "key", 1 + 2, Client);

mod exporting {
    #[macro_export]
    macro_rules! through_dollar_crate {
        ($name:ident) => {
            #[$crate::re_export::traced(crate = $crate::re_export)]
            fn $name() {}
        };
    }
}

pub mod re_export {
    pub use cryostorm::*;
}

through_dollar_crate!(by_dollar_crate);

fn main() {
    assert_eq!(double(2), Ok(4));
    assert!(double(0).is_err());
    assert_eq!(whole_item("a"), "a");
    assert_eq!(from_fragments(3), 3);
    by_dollar_crate();
}
