//! How long the values of a metric's attributes are.

use std::borrow::Cow;

use opentelemetry::{Array, KeyValue, StringValue, Value};

/// The most bytes of a text. The specification has no limit for the attributes of metrics; but each text is kept for good, and
/// so is each that a caller makes up.
const LONGEST: usize = 256;

/// The most items of a list.
const MOST_ITEMS: usize = 64;

/// The beginning of a text that is too long: whole characters.
pub(crate) fn cut(text: &str) -> &str {
    if text.len() <= LONGEST {
        return text;
    }
    let end = (0..=LONGEST).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    text.get(..end).unwrap_or_default()
}

/// The value, cut where it is too long.
pub(crate) fn bounded(value: Value) -> Value {
    fn first<T>(mut items: Vec<T>) -> Vec<T> {
        items.truncate(MOST_ITEMS);
        items
    }
    match value {
        value if !is_too_long(&value) => value,
        Value::String(text) => cut_text(&text).into(),
        Value::Array(Array::Bool(items)) => Value::Array(first(items).into()),
        Value::Array(Array::I64(items)) => Value::Array(first(items).into()),
        Value::Array(Array::F64(items)) => Value::Array(first(items).into()),
        Value::Array(Array::String(items)) => {
            let items: Vec<StringValue> = first(items).iter().map(cut_text).collect();
            Value::Array(items.into())
        }
        value => value,
    }
}

/// The attributes with values that are not too long, copied where one was.
pub(super) fn all_bounded(attributes: &[KeyValue]) -> Cow<'_, [KeyValue]> {
    if !attributes.iter().any(|attribute| is_too_long(&attribute.value)) {
        return Cow::Borrowed(attributes);
    }
    let cut = |attribute: &KeyValue| KeyValue::new(attribute.key.clone(), bounded(attribute.value.clone()));
    attributes.iter().map(cut).collect()
}

fn cut_text(text: &StringValue) -> StringValue {
    cut(text.as_str()).to_owned().into()
}

#[inline]
fn is_too_long(value: &Value) -> bool {
    match value {
        Value::String(text) => text.as_str().len() > LONGEST,
        Value::Array(Array::Bool(items)) => items.len() > MOST_ITEMS,
        Value::Array(Array::I64(items)) => items.len() > MOST_ITEMS,
        Value::Array(Array::F64(items)) => items.len() > MOST_ITEMS,
        Value::Array(Array::String(items)) => {
            items.len() > MOST_ITEMS || items.iter().any(|text| text.as_str().len() > LONGEST)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_between_characters() {
        assert_eq!(cut("short"), "short");
        assert_eq!(cut(&"x".repeat(300)), "x".repeat(256));
        assert_eq!(cut(&"€".repeat(100)), "€".repeat(85));
    }

    #[test]
    fn lists_are_cut_and_so_are_their_texts() {
        let texts: Vec<StringValue> = (0..100).map(|_| "x".repeat(300).into()).collect();
        let Value::Array(Array::String(cut)) = bounded(Value::Array(texts.into())) else { panic!("texts") };
        assert_eq!((cut.len(), cut[0].as_str().len()), (64, 256));
        let numbers = |count: usize| Value::Array(vec![1_i64; count].into());
        assert_eq!(bounded(numbers(100)), numbers(64));
        assert_eq!(bounded(Value::F64(0.5)), Value::F64(0.5));
    }
}
