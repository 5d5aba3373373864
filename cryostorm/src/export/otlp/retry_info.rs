//! The delay that a gRPC status may ask for.
//!
//! Of the messages, those fields only that are looked at.

use std::time::Duration;

use bytes::Bytes;
use prost::Message;

/// `google.rpc.Status`.
#[derive(Clone, PartialEq, Message)]
struct RichStatus {
    #[prost(message, repeated, tag = "3")]
    details: Vec<Detail>,
}

/// `google.protobuf.Any`.
#[derive(Clone, PartialEq, Message)]
struct Detail {
    #[prost(string, tag = "1")]
    type_url: String,
    #[prost(bytes = "bytes", tag = "2")]
    value: Bytes,
}

/// `google.rpc.RetryInfo`.
#[derive(Clone, Copy, PartialEq, Message)]
struct RetryInfo {
    #[prost(message, optional, tag = "1")]
    retry_delay: Option<RetryDelay>,
}

/// `google.protobuf.Duration`.
#[derive(Clone, Copy, PartialEq, Message)]
struct RetryDelay {
    #[prost(int64, tag = "1")]
    seconds: i64,
    #[prost(int32, tag = "2")]
    nanos: i32,
}

/// How long a server asks to be left alone, in the details of a gRPC status.
pub(super) fn retry_delay(details: &[u8]) -> Option<Duration> {
    let status = RichStatus::decode(details).ok()?;
    let info =
        status.details.into_iter().find(|detail| detail.type_url.ends_with("/google.rpc.RetryInfo"))?;
    let RetryDelay { seconds, nanos } = RetryInfo::decode(info.value).ok()?.retry_delay?;
    let nanos = u32::try_from(nanos).ok().filter(|nanos| *nanos < 1_000_000_000)?;
    Some(Duration::new(u64::try_from(seconds).ok()?, nanos))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn details(seconds: i64, nanos: i32) -> Vec<u8> {
        let info = RetryInfo { retry_delay: Some(RetryDelay { seconds, nanos }) };
        let detail =
            |type_url: &str, value: Vec<u8>| Detail { type_url: type_url.to_owned(), value: value.into() };
        let details = vec![
            detail("type.googleapis.com/google.rpc.DebugInfo", vec![1, 2, 3]),
            detail("type.googleapis.com/google.rpc.RetryInfo", info.encode_to_vec()),
        ];
        RichStatus { details }.encode_to_vec()
    }

    #[test]
    fn a_delay_is_found_among_the_details() {
        assert_eq!(retry_delay(&details(2, 500_000_000)), Some(Duration::from_millis(2500)));
        assert_eq!(retry_delay(&[]), None);
    }

    #[test]
    fn what_is_no_duration_is_no_delay() {
        for (seconds, nanos) in [(-1, 0), (0, -1), (0, 1_000_000_000)] {
            assert_eq!(retry_delay(&details(seconds, nanos)), None);
        }
    }
}
