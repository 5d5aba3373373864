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

macro_rules! every_option {
    (
        $name:ident, $span:literal, $path:path, $key:literal, $expression:expr, $closure:expr, $buckets:expr,
        $unit:literal, $in_flight:literal, $scope:expr, $ty:ty, $body:block
    ) => {
        #[traced(
            name = $span,
            attributes($key = %$expression),
            links = Some(cryostorm::current_span()).filter(|_| $expression),
            if = $expression,
            ok(value = $closure),
            err(error = ?|error| error),
            error_type = $path,
            tracer = $scope,
        )]
        #[counted(name = $in_flight, unit = $unit, attributes($key = $expression), by = u8::from($expression))]
        #[timed(attributes($key = $expression), buckets = $buckets, in_flight = $in_flight)]
        fn $name() -> $ty $body
    };
}

const KIND: &str = "refused";
const BUCKETS: [f64; 2] = [1.0, 2.0];
const SCOPE: &str = "shop";

every_option!(
    literals,
    "span",
    KIND,
    "key",
    true,
    |value: &u8| *value,
    [1, 2],
    "ms",
    "active",
    "shop",
    Result<u8, String>,
    { Ok(1) }
);
every_option!(
    constants,
    "span",
    self::KIND,
    "key",
    true || false,
    u8::clone,
    BUCKETS,
    "min",
    "active",
    SCOPE,
    std::result::Result<u8, std::fmt::Error>,
    { Err(std::fmt::Error)? }
);

// The names of a macro and those of its caller are told apart in an expansion too.
macro_rules! hygienic {
    ($argument:ident) => {
        #[traced(name = "{argument}", attributes(callers = $argument, macros = argument), ok(value = |argument| argument))]
        fn arguments($argument: u8, argument: u16) -> Result<u16, String> {
            let call = u16::from($argument);
            Ok(argument + call)
        }
    };
}

hygienic!(argument);

mod exporting {
    #[macro_export]
    macro_rules! through_dollar_crate {
        ($name:ident) => {
            #[$crate::re_export::traced(crate = $crate::re_export)]
            #[$crate::re_export::counted(crate = $crate::re_export)]
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
    assert_eq!(literals(), Ok(1));
    assert!(constants().is_err());
    assert_eq!(arguments(1, 2), Ok(3));
    by_dollar_crate();
}
