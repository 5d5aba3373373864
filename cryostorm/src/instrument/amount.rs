//! What a counter can rise by.

/// A whole number.
#[diagnostic::on_unimplemented(
    message = "a counter cannot rise by `{Self}`",
    label = "not a whole number",
    note = "`by` takes a value of any integer type"
)]
pub trait Amount {
    /// The number, or 0 for one that no counter can rise by.
    fn amount(self) -> u64;
}

macro_rules! integers {
    ($($type:ty)*) => {$(
        impl Amount for $type {
            fn amount(self) -> u64 {
                self.try_into().unwrap_or_default()
            }
        }
    )*};
}
integers!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);
