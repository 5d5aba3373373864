// Each kind of fragment where a function or an option may have one.
#![deny(warnings)]

use cryostorm::{counted, timed, traced};

macro_rules! signature {
    ($visibility:vis fn $name:ident<$lifetime:lifetime>($pattern:pat, $text:ident: $ty:ty) -> $path:path $body:block) => {
        #[traced(name = "of a signature")]
        $visibility fn $name<$lifetime>($pattern: (u8, u8), $text: $ty) -> $path $body
    };
}

signature! {
    pub fn of_a_signature<'a>((_left, _), text: &'a str) -> Result<&'a str, String> {
        if text.is_empty() {
            return Err(String::new());
        }
        Ok(text)
    }
}

macro_rules! result {
    ($name:ident, $output:ty, $value:expr) => {
        #[counted]
        #[traced(ok(value = |value| *value))]
        fn $name() -> $output {
            $value
        }
    };
}

result!(of_a_type, Result<u8, String>, Ok(1));

macro_rules! asynchronous {
    ($name:ident, $output:ty, $($statement:stmt;)*) => {
        #[traced]
        async fn $name() -> $output {
            $($statement)*
        }
    };
}

asynchronous!(of_statements, u8, let number = 1; return number;);

macro_rules! future {
    ($name:ident, $output:ty, $body:block) => {
        #[traced]
        fn $name() -> impl Future<Output = $output> {
            async move $body
        }
    };
}

future!(of_a_future, Result<u8, std::num::ParseIntError>, { Ok("1".parse::<u8>()?) });

macro_rules! options {
    ($(#[$meta:meta])* $name:ident, $text:literal, $value:expr, $condition:expr, $kind:ident, $path:path, $($tokens:tt)*) => {
        $(#[$meta])*
        #[traced(
            name = $text,
            kind = $kind,
            tracer = $text,
            if = $condition,
            attributes(value = $value, "sum" = $value + 1, shown = %$value, argument = argument),
            err(error = $path),
            $($tokens)*
        )]
        #[counted(name = $text, description = $text, by = $value)]
        #[timed(unit = "ms", buckets = [1, 2], error_type = $text)]
        fn $name(argument: u8) -> Result<u8, String> {
            Ok(argument)
        }
    };
}

options! {
    /// Documented.
    #[inline]
    of_options, "literal", 1 + 2, 1 < 2, Client, String::as_str, record_error = none
}

macro_rules! methods {
    ($self:ident, $field:ident, $($name:ident: $value:expr),*) => {
        $(
            #[traced(attributes(field = $self.$field))]
            fn $name(&$self) -> u8 {
                $self.$field + $value
            }
        )*
    };
}

struct Order {
    id: u8,
}

impl Order {
    methods!(self, id, one: 1, two: 2);
}

macro_rules! list {
    ($($item:item)*) => {
        $(#[traced] $item)*
    };
}

list! {
    #[counted]
    fn first_item() -> u8 { 1 }
    #[must_use]
    async fn second_item<const N: usize>() -> Option<usize> { Some(N) }
}

fn main() {
    assert_eq!(of_a_signature((1, 2), "a"), Ok("a"));
    assert_eq!(of_a_type(), Ok(1));
    assert_eq!(of_options(1), Ok(1));
    assert_eq!(Order { id: 1 }.one() + Order { id: 1 }.two(), 5);
    assert_eq!(first_item(), 1);
    futures::executor::block_on(async {
        assert_eq!(of_statements().await, 1);
        assert_eq!(of_a_future().await, Ok(1));
        assert_eq!(second_item::<2>().await, Some(2));
    });
}
