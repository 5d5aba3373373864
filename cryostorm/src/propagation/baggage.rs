//! The [W3C baggage](https://www.w3.org/TR/baggage/), as strictly as it is written.

use opentelemetry::baggage::{Baggage, BaggageExt, BaggageMetadata};
use opentelemetry::propagation::{Extractor, Injector};
use opentelemetry::{Context, Key, StringValue};
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::refusals::Refusal;

pub(super) const HEADER: &str = "baggage";

/// The longest that all headers may be together, and that a header of ours may be.
const BYTES: usize = 8192;
/// The most members, as many as OpenTelemetry's `Baggage` holds.
const MEMBERS: usize = 64;

/// What a value must not have in it as it is.
const NOT_OCTETS: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b',').add(b';').add(b'\\');
/// That, and the sign that it is encoded with.
const LEAST: &AsciiSet = &NOT_OCTETS.add(b'%');
/// All that might mean something to somebody, as the reference implementation has it.
const ANY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// Writes the baggage of the context.
pub(super) fn inject(context: &Context, injector: &mut dyn Injector) {
    let baggage = context.baggage();
    if !baggage.is_empty() {
        // Members are left out only where they have no room as short as they can be written, either.
        let mut header = String::new();
        if !encode(&mut header, baggage, ANY) {
            encode(&mut header, baggage, LEAST);
        }
        injector.set(HEADER, header);
    }
}

/// Reads baggage, if there is any, in place of what the context has.
pub(super) fn extract(context: Context, extractor: &dyn Extractor, refuse: &dyn Fn(Refusal)) -> Context {
    let headers = extractor.get_all(HEADER).unwrap_or_default();
    let mut baggage = Baggage::new();
    let mut room = BYTES;
    let mut refusal = None;
    for member in headers.iter().flat_map(|header| header.split(',')) {
        let Some(rest) = room.checked_sub(member.len()).filter(|_| room > 0 && baggage.len() < MEMBERS)
        else {
            refusal = Some(Refusal::Excess(HEADER));
            break;
        };
        // The comma, which nothing may come after.
        room = rest.saturating_sub(1);
        let member = trim(member);
        if !member.is_empty() && insert(&mut baggage, member).is_none() {
            refusal = Some(Refusal::Member(HEADER));
        }
    }
    if let Some(refusal) = refusal {
        refuse(refusal);
    }
    if baggage.is_empty() { context } else { context.with_baggage(baggage) }
}

/// Takes a member: `key=value;property;key=value`. Of one key, the last counts.
fn insert(baggage: &mut Baggage, member: &str) -> Option<()> {
    let (pair, properties) = match member.split_once(';') {
        Some((pair, properties)) => (pair, Some(properties)),
        None => (member, None),
    };
    let (key, Some(value)) = split(pair) else { return None };
    let mut metadata = String::with_capacity(properties.map_or(0, str::len));
    for property in properties.into_iter().flat_map(|properties| properties.split(';')) {
        let (key, value) = split(property);
        if !is_token(key) || !value.is_none_or(is_octets) {
            return None;
        }
        // Encoded as they came: decoded, one could not be told from two.
        metadata.extend([if metadata.is_empty() { "" } else { ";" }, key]);
        if let Some(value) = value {
            metadata.extend(["=", value]);
        }
    }
    if !is_token(key) || !is_octets(value) {
        return None;
    }
    baggage.insert_with_metadata(key.to_owned(), decode(value), metadata);
    Some(())
}

/// A value as it is meant. What is not UTF-8 in it is replaced, as the specification has it. Takes no more memory than the
/// value has bytes, or twice that.
fn decode(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    bytes.extend(percent_decode_str(value));
    String::from_utf8(bytes).unwrap_or_else(|error| {
        let mut text = String::with_capacity(value.len());
        for chunk in error.as_bytes().utf8_chunks() {
            text.push_str(chunk.valid());
            if !chunk.invalid().is_empty() {
                text.push(char::REPLACEMENT_CHARACTER);
            }
        }
        text
    })
}

/// Writes members in the order of keys. Whether there was room for all of them.
fn encode(header: &mut String, baggage: &Baggage, set: &'static AsciiSet) -> bool {
    let mut members: Vec<_> = baggage.iter().filter(|(key, _)| is_token(key.as_str())).collect();
    members.sort_unstable_by_key(|(key, _)| key.as_str());
    let length = |(key, (value, metadata)): &(&Key, &(StringValue, BaggageMetadata))| {
        key.as_str().len() + value.as_str().len() + metadata.as_str().len()
    };
    // As much as they may need when each byte is encoded.
    header.clear();
    header.reserve(BYTES.min(3 * members.iter().map(length).sum::<usize>()));
    let mut is_whole = true;
    for (key, (value, metadata)) in members {
        let pair = [key.as_str(), "="].into_iter().chain(utf8_percent_encode(value.as_str(), set));
        let properties = metadata.as_str().split(';').flat_map(property);
        is_whole &= push(header, pair.chain(properties));
    }
    is_whole
}

/// What is written of a property. A user of OpenTelemetry's API may have put anything there.
fn property(text: &str) -> impl Iterator<Item = &str> {
    let (key, value) = split(text);
    let value = value.into_iter().flat_map(|value| {
        let set = if is_encoded(value) { NOT_OCTETS } else { LEAST };
        ["="].into_iter().chain(utf8_percent_encode(value, set))
    });
    is_token(key).then(|| [";", key].into_iter().chain(value)).into_iter().flatten()
}

/// Adds a member, if there is room for all of it.
fn push<'a>(header: &mut String, pieces: impl Iterator<Item = &'a str>) -> bool {
    let before = header.len();
    if before > 0 {
        header.push(',');
    }
    for piece in pieces {
        if header.len() + piece.len() > BYTES {
            header.truncate(before);
            return false;
        }
        header.push_str(piece);
    }
    true
}

/// A key, and the value that it may have.
fn split(pair: &str) -> (&str, Option<&str>) {
    match pair.split_once('=') {
        Some((key, value)) => (trim(key), Some(trim(value))),
        None => (trim(pair), None),
    }
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

/// A name as HTTP has them.
fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

fn is_octets(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\",;\\".contains(&byte))
}

/// Whether each percent sign begins an encoded byte.
fn is_encoded(text: &str) -> bool {
    let is_digits =
        |rest: &str| rest.as_bytes().get(..2).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
    text.split('%').skip(1).all(is_digits)
}
