//! The wire format of protocol buffers, as much of it as OTLP takes.
//!
//! Fields with their default value are left out where a function does not say otherwise.

/// A variable-length integer, on which 1 byte is spent below 128 and 2 below 16384.
#[inline]
pub(super) fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// How many bytes [`varint`] takes.
#[inline]
pub(super) const fn varint_len(value: u64) -> usize {
    (64 - (value | 1).leading_zeros() as usize).div_ceil(7)
}

/// How many bytes [`length_delimited`] and what follows it take, for a field below 16.
#[inline]
pub(super) const fn field_len(length: usize) -> usize {
    1 + varint_len(length as u64) + length
}

#[derive(Clone, Copy)]
enum Wire {
    Varint = 0,
    Fixed64 = 1,
    LengthDelimited = 2,
    Fixed32 = 5,
}

#[inline]
fn key(out: &mut Vec<u8>, field: u8, wire: Wire) {
    varint(out, u64::from(field) << 3 | wire as u64);
}

#[inline]
pub(super) fn integer(out: &mut Vec<u8>, field: u8, value: u64) {
    if value != 0 {
        always_integer(out, field, value);
    }
}

/// Written even if it is 0.
#[inline]
pub(super) fn always_integer(out: &mut Vec<u8>, field: u8, value: u64) {
    key(out, field, Wire::Varint);
    varint(out, value);
}

#[inline]
pub(super) fn fixed64(out: &mut Vec<u8>, field: u8, value: u64) {
    if value != 0 {
        always_fixed64(out, field, value);
    }
}

/// Written even if it is 0.
#[inline]
pub(super) fn always_fixed64(out: &mut Vec<u8>, field: u8, value: u64) {
    key(out, field, Wire::Fixed64);
    out.extend_from_slice(&value.to_le_bytes());
}

#[inline]
pub(super) fn fixed32(out: &mut Vec<u8>, field: u8, value: u32) {
    if value != 0 {
        key(out, field, Wire::Fixed32);
        out.extend_from_slice(&value.to_le_bytes());
    }
}

#[inline]
pub(super) fn text(out: &mut Vec<u8>, field: u8, text: &str) {
    if !text.is_empty() {
        bytes(out, field, text.as_bytes());
    }
}

/// Written even if there are none.
#[inline]
pub(super) fn bytes(out: &mut Vec<u8>, field: u8, bytes: &[u8]) {
    length_delimited(out, field, bytes.len());
    out.extend_from_slice(bytes);
}

/// What stands before text, bytes or a message of a known length.
#[inline]
pub(super) fn length_delimited(out: &mut Vec<u8>, field: u8, length: usize) {
    key(out, field, Wire::LengthDelimited);
    varint(out, length as u64);
}

/// A message whose length is known only when it is written, and mostly takes two bytes.
#[inline]
pub(super) fn message(out: &mut Vec<u8>, field: u8, write: impl FnOnce(&mut Vec<u8>)) {
    message_of::<2>(out, field, write);
}

/// A message whose length is known only when it is written. Where that does not take `ROOM` bytes, it is moved.
#[inline]
pub(super) fn message_of<const ROOM: usize>(out: &mut Vec<u8>, field: u8, write: impl FnOnce(&mut Vec<u8>)) {
    key(out, field, Wire::LengthDelimited);
    let start = out.len();
    out.extend_from_slice(&[0; ROOM]);
    let body = out.len();
    write(out);
    let length = (out.len() - body) as u64;
    match out.get_mut(start..body) {
        Some(room) if varint_len(length) == ROOM => {
            for (index, byte) in room.iter_mut().enumerate() {
                let is_last = index + 1 == ROOM;
                *byte = (length >> (7 * index)) as u8 & 0x7f | if is_last { 0 } else { 0x80 };
            }
        }
        _ => {
            let mut prefix = Vec::new();
            varint(&mut prefix, length);
            out.splice(start..body, prefix);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_those_of_what_is_written() {
        for bits in 0..64 {
            for value in [1_u64 << bits, (1_u64 << bits) - 1, u64::MAX >> bits] {
                let mut out = Vec::new();
                varint(&mut out, value);
                assert_eq!(out.len(), varint_len(value), "{value}");
            }
        }
    }

    #[test]
    fn messages_of_any_length_have_theirs_before_them() {
        for length in [0, 1, 127, 128, 300, 0x3fff, 0x4000, 0x20_0000] {
            let content = vec![7; length];
            let (mut known, mut two, mut three) = (Vec::new(), Vec::new(), Vec::new());
            bytes(&mut known, 3, &content);
            message(&mut two, 3, |out| out.extend_from_slice(&content));
            message_of::<3>(&mut three, 3, |out| out.extend_from_slice(&content));
            assert!(known == two && known == three, "{length}");
        }
    }
}
