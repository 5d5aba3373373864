#![deny(warnings)]

use cryostorm::traced;

#[traced]
fn constants(number: u32) -> Result<u32, String> {
    const SUMMAND: u32 = 2;
    static FACTOR: u32 = 3;
    Ok((number + SUMMAND) * FACTOR)
}

#[traced]
fn types() -> Option<u8> {
    use std::collections::BTreeMap;

    type Map = BTreeMap<u8, Entry>;

    #[derive(Default)]
    struct Entry {
        value: u8,
    }

    impl Entry {
        #[traced]
        fn value(&self) -> Option<u8> {
            Some(self.value)
        }
    }

    let map = Map::from([(1, Entry::default())]);
    map.get(&1)?.value()
}

#[traced]
fn functions(number: u32) -> Result<u32, String> {
    #[traced(attributes(number = number))]
    fn inner(number: u32) -> Result<u32, String> {
        Ok(number + 1)
    }

    inner(number)
}

#[traced]
fn macros(number: u32) -> Result<u32, String> {
    macro_rules! checked {
        ($number:expr) => {
            match $number {
                0 => return Err("zero".to_owned()),
                number => number,
            }
        };
    }

    Ok(checked!(number) + 1)
}

#[traced]
fn statement_attributes() -> Result<usize, String> {
    #[cfg(any())]
    let items: Vec<String> = vec![];
    #[cfg(not(any()))]
    let items = vec![1, 2];
    #[allow(clippy::let_and_return)]
    let length = items.len();
    Ok(length)
}

#[traced]
async fn in_a_future(number: u32) -> Result<u32, String> {
    use std::ops::Add as _;

    const SUMMAND: u32 = 2;

    async fn inner(number: u32) -> u32 {
        number
    }

    Ok(inner(number).await.add(SUMMAND))
}

#[traced]
fn unsafe_block(pointer: *const u8) -> Result<u8, String> {
    // SAFETY: it points to a live variable.
    Ok(unsafe { *pointer })
}

#[traced]
fn empty_with_a_comment() {
    // Nothing.
}

fn main() {
    assert_eq!(constants(1), Ok(9));
    assert_eq!(types(), Some(0));
    assert_eq!(functions(1), Ok(2));
    assert!(macros(0).is_err());
    assert_eq!(macros(1), Ok(2));
    assert_eq!(statement_attributes(), Ok(2));
    assert_eq!(futures::executor::block_on(in_a_future(1)), Ok(3));
    assert_eq!(unsafe_block(&1), Ok(1));
    empty_with_a_comment();
}
