//! Attributes in OTLP: each key once, with its last value.

use std::collections::HashSet;

use opentelemetry::{Array, Key, KeyValue, StringValue, Value};

use super::wire;

/// Writes attributes as the field of the message that has them.
pub(super) fn put_all(out: &mut Vec<u8>, field: u8, attributes: &[KeyValue]) {
    if are_distinct(&[], attributes) {
        attributes.iter().for_each(|attribute| put(out, field, attribute));
    } else {
        last_of_each(attributes.iter()).iter().for_each(|attribute| put(out, field, attribute));
    }
}

/// Writes one attribute.
pub(super) fn put(out: &mut Vec<u8>, field: u8, attribute: &KeyValue) {
    let KeyValue { key, value, .. } = attribute;
    let key = key.as_str();
    let key_len = if key.is_empty() { 0 } else { wire::field_len(key.len()) };
    let value_len = value_len(value);
    wire::length_delimited(out, field, key_len + wire::field_len(value_len));
    wire::text(out, 1, key);
    wire::length_delimited(out, 2, value_len);
    put_value(out, value);
}

/// Whether `more` repeats no key, neither of its own nor of `first`, which repeats none.
pub(super) fn are_distinct(first: &[KeyValue], more: &[KeyValue]) -> bool {
    /// How many keys are faster compared with each other than sorted.
    const FEW: usize = 16;
    if more.is_empty() {
        return true;
    }
    if first.len() + more.len() <= FEW {
        let mut rest = more;
        while let [one, others @ ..] = rest {
            if first.iter().chain(others).any(|other| other.key.as_str() == one.key.as_str()) {
                return false;
            }
            rest = others;
        }
        return true;
    }
    let mut keys: Vec<&str> = first.iter().chain(more).map(|attribute| attribute.key.as_str()).collect();
    keys.sort_unstable();
    keys.is_sorted_by(|one, next| one < next)
}

/// The attributes without those whose key comes again.
pub(super) fn last_of_each<'a>(attributes: impl Iterator<Item = &'a KeyValue>) -> Vec<KeyValue> {
    let all: Vec<&KeyValue> = attributes.collect();
    let mut seen = HashSet::<&Key>::new();
    let mut last: Vec<_> =
        all.into_iter().rev().filter(|attribute| seen.insert(&attribute.key)).cloned().collect();
    last.reverse();
    last
}

// The fields of `AnyValue`, of which exactly one is written, whatever its value.
const STRING: u8 = 1;
const BOOL: u8 = 2;
const INT: u8 = 3;
const DOUBLE: u8 = 4;
const ARRAY: u8 = 5;

/// How long the `AnyValue` is.
fn value_len(value: &Value) -> usize {
    match value {
        Value::String(text) => wire::field_len(text.as_str().len()),
        Value::Bool(_) => 2,
        Value::I64(number) => int_len(*number),
        Value::F64(_) => 9,
        Value::Array(array) => wire::field_len(array_len(array)),
        // A type that OpenTelemetry may have one day.
        _ => 0,
    }
}

fn int_len(number: i64) -> usize {
    1 + wire::varint_len(number as u64)
}

fn array_len(array: &Array) -> usize {
    match array {
        Array::Bool(values) => values.len() * wire::field_len(2),
        Array::F64(values) => values.len() * wire::field_len(9),
        Array::I64(values) => values.iter().map(|value| wire::field_len(int_len(*value))).sum(),
        Array::String(values) => {
            values.iter().map(|value| wire::field_len(wire::field_len(value.as_str().len()))).sum()
        }
        _ => 0,
    }
}

fn put_value(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::String(text) => wire::bytes(out, STRING, text.as_str().as_bytes()),
        Value::Bool(value) => wire::always_integer(out, BOOL, u64::from(*value)),
        Value::I64(value) => wire::always_integer(out, INT, *value as u64),
        Value::F64(value) => wire::always_fixed64(out, DOUBLE, value.to_bits()),
        Value::Array(array) => {
            wire::length_delimited(out, ARRAY, array_len(array));
            put_array(out, array);
        }
        _ => (),
    }
}

fn put_array(out: &mut Vec<u8>, array: &Array) {
    match array {
        Array::Bool(values) => values.iter().for_each(|value| {
            wire::length_delimited(out, 1, 2);
            wire::always_integer(out, BOOL, u64::from(*value));
        }),
        Array::F64(values) => values.iter().for_each(|value| {
            wire::length_delimited(out, 1, 9);
            wire::always_fixed64(out, DOUBLE, value.to_bits());
        }),
        Array::I64(values) => values.iter().for_each(|value| {
            wire::length_delimited(out, 1, int_len(*value));
            wire::always_integer(out, INT, *value as u64);
        }),
        Array::String(values) => values.iter().map(StringValue::as_str).for_each(|text| {
            wire::length_delimited(out, 1, wire::field_len(text.len()));
            wire::bytes(out, STRING, text.as_bytes());
        }),
        _ => (),
    }
}
