//! What may be the argument of a metric's function.

use super::super::attribute::MetricAttribute;

/// A value from a set that is known when the program is compiled, such as an enum without fields, which derives it with
/// [`MetricAttribute`](derive@crate::MetricAttribute). An argument of a [declared metric](macro@crate::metrics) is one.
///
/// ```
/// use cryostorm::MetricEnum;
/// use cryostorm::MetricAttribute;
///
/// #[derive(Clone, Copy, MetricAttribute)]
/// enum Model {
///     Small,
///     ExtraLarge,
/// }
///
/// assert_eq!(Model::VALUES, ["small", "extra_large"]);
/// assert_eq!(Model::ExtraLarge.index(), 1);
/// ```
#[diagnostic::on_unimplemented(
    message = "the values of `{Self}` are not known when the program is compiled",
    label = "not an enum that derives `MetricAttribute`",
    note = "each distinct value is a time series of its own: use a `bool`, an integer with a range, a `&'static str`, or an enum without fields that has `#[derive(cryostorm::MetricAttribute)]`"
)]
pub trait MetricEnum: MetricAttribute {
    /// The names of all values, no two of them the same.
    const VALUES: &'static [&'static str];

    /// Where the name of this value is among them. What is not among them goes to the overflow series.
    fn index(&self) -> usize;
}

impl<T: MetricEnum + ?Sized> MetricEnum for &T {
    const VALUES: &'static [&'static str] = T::VALUES;

    #[inline(always)]
    fn index(&self) -> usize {
        T::index(self)
    }
}

/// A whole number of any type.
pub trait Integer {
    /// The number, unless it is beyond 64 signed bits.
    fn to_i64(self) -> Option<i64>;
}

macro_rules! integers {
    ($($type:ty)*) => {$(
        impl Integer for $type {
            #[inline(always)]
            fn to_i64(self) -> Option<i64> {
                self.try_into().ok()
            }
        }
    )*};
}
integers!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);
