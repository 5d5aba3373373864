//! What may stand on a span and on a metric.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use opentelemetry::{Array, StringValue, Value};

/// A value that can be an attribute of a span, an event or a log record.
///
/// Numbers, booleans, texts, lists of them, and `Option`s and references of all these: `None` leaves the attribute
/// out. A whole number too large for the 64 signed bits of OpenTelemetry becomes text. For other types, the attributes
/// take `%value` (by `Display`) and `?value` (by `Debug`), or the type implements this trait.
///
/// ```
/// use cryostorm::AttributeValue;
/// use cryostorm::opentelemetry::Value;
///
/// struct OrderId(u64);
///
/// impl AttributeValue for OrderId {
///     fn to_value(&self) -> Option<Value> {
///         self.0.to_value()
///     }
/// }
///
/// assert_eq!(OrderId(7).to_value(), Some(Value::I64(7)));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the value of an attribute",
    label = "not a number, boolean or text",
    note = "in `attributes(..)` write `%value` to record it by `Display` or `?value` by `Debug`; elsewhere use `to_string()`, or implement `cryostorm::AttributeValue`"
)]
pub trait AttributeValue {
    /// The value, or none to leave the attribute out.
    fn to_value(&self) -> Option<Value>;
}

/// A value from a bounded set, which can be an attribute of a metric: each distinct one is a time series of its own.
///
/// Booleans and `&'static str`; enums without fields [derive](derive@crate::MetricAttribute) it, and other types that have few
/// values name them.
///
/// ```
/// use cryostorm::MetricAttribute;
/// use cryostorm::opentelemetry::Value;
///
/// #[derive(MetricAttribute)]
/// enum Channel {
///     Web,
///     Phone,
/// }
///
/// struct StatusClass(u16);
///
/// impl MetricAttribute for StatusClass {
///     fn to_value(&self) -> Value {
///         Value::from(match self.0 / 100 {
///             2 => "2xx",
///             4 => "4xx",
///             5 => "5xx",
///             _ => "other",
///         })
///     }
/// }
///
/// assert_eq!(Channel::Phone.to_value(), Value::from("phone"));
/// assert_eq!(StatusClass(404).to_value(), Value::from("4xx"));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an attribute of a metric",
    label = "not from a bounded set",
    note = "each distinct value is a time series of its own: use a literal, a `bool`, a `&'static str`, or an enum without fields that has `#[derive(cryostorm::MetricAttribute)]`",
    note = "for others declare a metric in `#[cryostorm::metrics]`: its arguments may be integers, as in `#[attribute(range = 0..=9)] shard: u8`, and texts, as in `#[attribute(unbounded(limit = 100))] id: &str`"
)]
pub trait MetricAttribute {
    /// The value.
    fn to_value(&self) -> Value;
}

impl MetricAttribute for bool {
    fn to_value(&self) -> Value {
        (*self).into()
    }
}

impl MetricAttribute for &'static str {
    fn to_value(&self) -> Value {
        (*self).into()
    }
}

impl<T: MetricAttribute + ?Sized> MetricAttribute for &T {
    fn to_value(&self) -> Value {
        T::to_value(self)
    }
}

impl AttributeValue for bool {
    #[inline]
    fn to_value(&self) -> Option<Value> {
        Some((*self).into())
    }
}

macro_rules! whole_numbers {
    ($($type:ty)*) => {$(
        impl AttributeValue for $type {
            // Where it is asked, so that what comes out need not go through memory, where it would be read as it was not
            // written.
            #[inline]
            fn to_value(&self) -> Option<Value> {
                Some(i64::try_from(*self).map_or_else(|_| as_text(self), Value::I64))
            }
        }
    )*};
}

#[cold]
fn as_text(number: &impl ToString) -> Value {
    number.to_string().into()
}

whole_numbers!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);

impl AttributeValue for f32 {
    #[inline]
    fn to_value(&self) -> Option<Value> {
        Some(f64::from(*self).into())
    }
}

impl AttributeValue for f64 {
    #[inline]
    fn to_value(&self) -> Option<Value> {
        Some((*self).into())
    }
}

impl AttributeValue for str {
    fn to_value(&self) -> Option<Value> {
        Some(self.to_owned().into())
    }
}

impl AttributeValue for String {
    fn to_value(&self) -> Option<Value> {
        self.as_str().to_value()
    }
}

impl AttributeValue for char {
    fn to_value(&self) -> Option<Value> {
        Some(self.to_string().into())
    }
}

impl AttributeValue for Value {
    fn to_value(&self) -> Option<Value> {
        Some(self.clone())
    }
}

impl<T: AttributeValue> AttributeValue for Option<T> {
    fn to_value(&self) -> Option<Value> {
        self.as_ref().and_then(T::to_value)
    }
}

macro_rules! pointers {
    ($($type:ty)*) => {$(
        impl<T: AttributeValue + ?Sized> AttributeValue for $type {
            fn to_value(&self) -> Option<Value> {
                (**self).to_value()
            }
        }
    )*};
}
pointers!(&T &mut T Box<T> Rc<T> Arc<T>);

impl<T: AttributeValue + ToOwned + ?Sized> AttributeValue for Cow<'_, T> {
    fn to_value(&self) -> Option<Value> {
        (**self).to_value()
    }
}

impl<T: AttributeValue> AttributeValue for Vec<T> {
    fn to_value(&self) -> Option<Value> {
        self.as_slice().to_value()
    }
}

impl<T: AttributeValue, const N: usize> AttributeValue for [T; N] {
    fn to_value(&self) -> Option<Value> {
        self.as_slice().to_value()
    }
}

/// A list keeps its type where all items have the same one; otherwise it becomes a list of texts.
impl<T: AttributeValue> AttributeValue for [T] {
    fn to_value(&self) -> Option<Value> {
        let values: Vec<Value> = self.iter().filter_map(T::to_value).collect();
        let array = |array: Option<Array>| array.map(Value::Array);
        array(
            all(&values, |value| if let Value::Bool(flag) = value { Some(*flag) } else { None })
                .map(Array::Bool),
        )
        .or_else(|| {
            array(
                all(&values, |value| if let Value::I64(n) = value { Some(*n) } else { None }).map(Array::I64),
            )
        })
        .or_else(|| {
            array(
                all(&values, |value| if let Value::F64(n) = value { Some(*n) } else { None }).map(Array::F64),
            )
        })
        .or_else(|| {
            let texts = values.iter().map(|value| StringValue::from(value.as_str().into_owned()));
            array(Some(Array::String(texts.collect())))
        })
    }
}

fn all<T>(values: &[Value], pick: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    values.iter().map(pick).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_beyond_64_signed_bits_become_text() {
        assert_eq!(7_u64.to_value(), Some(Value::I64(7)));
        assert_eq!(u64::MAX.to_value(), Some(Value::from(u64::MAX.to_string())));
    }

    #[test]
    fn lists_keep_their_type() {
        assert_eq!(vec![1, 2].to_value(), Some(Value::Array(Array::I64(vec![1, 2]))));
        assert_eq!([true].to_value(), Some(Value::Array(Array::Bool(vec![true]))));
        assert_eq!(["a"].to_value(), Some(Value::Array(Array::String(vec!["a".into()]))));
        assert_eq!(None::<u8>.to_value(), None);
    }
}
