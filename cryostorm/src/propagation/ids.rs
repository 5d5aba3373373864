//! Ids as headers spell them.

use opentelemetry::trace::{SpanId, TraceId};

/// The number that so many lower-case hexadecimal digits stand for, and nothing else: the parsers of integers, which
/// OpenTelemetry reads ids with, take a sign and fewer digits, too.
fn hex<const DIGITS: usize>(text: &[u8]) -> Option<u128> {
    let digits: &[u8; DIGITS] = text.try_into().ok()?;
    digits.iter().try_fold(0, |number, digit| {
        let digit = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        Some(number << 4 | u128::from(digit))
    })
}

pub(super) fn byte(text: &[u8]) -> Option<u8> {
    hex::<2>(text).and_then(|byte| u8::try_from(byte).ok())
}

/// A trace id, which is not all zeros.
pub(super) fn trace_id(text: &[u8]) -> Option<TraceId> {
    hex::<32>(text).filter(|id| *id != 0).map(TraceId::from)
}

/// A span id, which is not all zeros.
pub(super) fn span_id(text: &[u8]) -> Option<SpanId> {
    hex::<16>(text).and_then(|id| u64::try_from(id).ok()).filter(|id| *id != 0).map(SpanId::from)
}
