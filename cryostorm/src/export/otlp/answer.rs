//! What a server answers, with those fields only that are looked at.

use std::time::Duration;

use bytes::Bytes;
use prost::Message;

/// `ExportTraceServiceResponse`.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Answer {
    #[prost(message, optional, tag = "1")]
    pub(super) partial_success: Option<PartialSuccess>,
}

/// `ExportTracePartialSuccess`.
#[derive(Clone, PartialEq, Message)]
pub(super) struct PartialSuccess {
    #[prost(int64, tag = "1")]
    pub(super) rejected_spans: i64,
    #[prost(string, tag = "2")]
    pub(super) error_message: String,
}

/// `google.rpc.Status`: the body of an error over HTTP, and what a gRPC status carries beside its code.
#[derive(Clone, PartialEq, Message)]
pub(super) struct RpcStatus {
    #[prost(string, tag = "2")]
    pub(super) message: String,
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

impl RpcStatus {
    /// How long the server asks to be left alone.
    #[cfg(any(test, feature = "otlp-grpc"))]
    pub(super) fn retry_delay(&self) -> Option<Duration> {
        let info = self.details.iter().find(|detail| detail.type_url.ends_with("/google.rpc.RetryInfo"))?;
        let RetryDelay { seconds, nanos } = RetryInfo::decode(info.value.clone()).ok()?.retry_delay?;
        let nanos = u32::try_from(nanos).ok().filter(|nanos| *nanos < 1_000_000_000)?;
        Some(Duration::new(u64::try_from(seconds).ok()?, nanos))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(seconds: i64, nanos: i32) -> RpcStatus {
        let info = RetryInfo { retry_delay: Some(RetryDelay { seconds, nanos }) };
        let detail =
            |type_url: &str, value: Vec<u8>| Detail { type_url: type_url.to_owned(), value: value.into() };
        let details = vec![
            detail("type.googleapis.com/google.rpc.DebugInfo", vec![1, 2, 3]),
            detail("type.googleapis.com/google.rpc.RetryInfo", info.encode_to_vec()),
        ];
        RpcStatus { message: String::new(), details }
    }

    #[test]
    fn a_delay_is_found_among_the_details() {
        assert_eq!(status(2, 500_000_000).retry_delay(), Some(Duration::from_millis(2500)));
        assert_eq!(RpcStatus::default().retry_delay(), None);
    }

    #[test]
    fn what_is_no_duration_is_no_delay() {
        for (seconds, nanos) in [(-1, 0), (0, -1), (0, 1_000_000_000)] {
            assert_eq!(status(seconds, nanos).retry_delay(), None);
        }
    }
}
