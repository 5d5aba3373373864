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

/// Cuts a value that is too long.
#[inline(always)]
pub(crate) fn bound(value: &mut Value) {
    if is_too_long(value) {
        cut_value(value);
    }
}

#[cold]
#[inline(never)]
fn cut_value(value: &mut Value) {
    match value {
        Value::String(text) => *text = cut_text(text),
        Value::Array(Array::Bool(items)) => items.truncate(MOST_ITEMS),
        Value::Array(Array::I64(items)) => items.truncate(MOST_ITEMS),
        Value::Array(Array::F64(items)) => items.truncate(MOST_ITEMS),
        Value::Array(Array::String(items)) => {
            items.truncate(MOST_ITEMS);
            items.iter_mut().for_each(|text| *text = cut_text(text));
        }
        _ => {}
    }
}

/// The attributes with values that are not too long, copied where one was.
pub(super) fn all_bounded(attributes: &[KeyValue]) -> Cow<'_, [KeyValue]> {
    if !attributes.iter().any(|attribute| is_too_long(&attribute.value)) {
        return Cow::Borrowed(attributes);
    }
    let mut attributes = attributes.to_vec();
    attributes.iter_mut().for_each(|attribute| bound(&mut attribute.value));
    Cow::Owned(attributes)
}

fn cut_text(text: &StringValue) -> StringValue {
    cut(text.as_str()).to_owned().into()
}

#[inline(always)]
fn is_too_long(value: &Value) -> bool {
    match value {
        Value::String(text) => text.as_str().len() > LONGEST,
        Value::Array(items) => is_too_long_a_list(items),
        _ => false,
    }
}

fn is_too_long_a_list(items: &Array) -> bool {
    match items {
        Array::Bool(items) => items.len() > MOST_ITEMS,
        Array::I64(items) => items.len() > MOST_ITEMS,
        Array::F64(items) => items.len() > MOST_ITEMS,
        Array::String(items) => {
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
        let bounded = |mut value: Value| {
            bound(&mut value);
            value
        };
        let texts: Vec<StringValue> = (0..100).map(|_| "x".repeat(300).into()).collect();
        let Value::Array(Array::String(cut)) = bounded(Value::Array(texts.into())) else { panic!("texts") };
        assert_eq!((cut.len(), cut[0].as_str().len()), (64, 256));
        let numbers = |count: usize| Value::Array(vec![1_i64; count].into());
        assert_eq!(bounded(numbers(100)), numbers(64));
        assert_eq!(bounded(Value::F64(0.5)), Value::F64(0.5));
    }
}
