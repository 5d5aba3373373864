//! A message of protocol buffers, read where it stands.

/// The value of a field.
pub enum Field<'a> {
    Number(u64),
    /// Text, bytes or a message.
    Bytes(&'a [u8]),
}

/// The fields of a message after their numbers. What is none panics.
pub fn fields(mut message: &[u8]) -> impl Iterator<Item = (u64, Field<'_>)> {
    std::iter::from_fn(move || {
        let rest = &mut message;
        if rest.is_empty() {
            return None;
        }
        let key = varint(rest);
        let field = match key & 7 {
            0 => Field::Number(varint(rest)),
            1 => Field::Number(u64::from_le_bytes(array(rest))),
            2 => Field::Bytes(bytes(rest)),
            5 => Field::Number(u32::from_le_bytes(array(rest)).into()),
            other => panic!("wire type {other}"),
        };
        Some((key >> 3, field))
    })
}

/// The messages in a field of a message.
pub fn messages(message: &[u8], number: u64) -> impl Iterator<Item = &[u8]> {
    fields(message).filter_map(move |field| match field {
        (found, Field::Bytes(bytes)) if found == number => Some(bytes),
        _ => None,
    })
}

fn varint(rest: &mut &[u8]) -> u64 {
    let (mut value, mut shift) = (0, 0);
    loop {
        let byte = *rest.split_off_first().expect("a whole message");
        value |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte < 0x80 {
            return value;
        }
    }
}

fn array<const LENGTH: usize>(rest: &mut &[u8]) -> [u8; LENGTH] {
    let (array, more) = rest.split_first_chunk().expect("a whole message");
    *rest = more;
    *array
}

fn bytes<'a>(rest: &mut &'a [u8]) -> &'a [u8] {
    let length = varint(rest) as usize;
    rest.split_off(..length).expect("a whole message")
}
