//! What tells a gRPC call from other requests, and how it went.

use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};

/// Whether a request is a gRPC call. gRPC-Web is not: its status is in the body.
pub(super) fn is_call(headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(CONTENT_TYPE) else { return false };
    let Some(rest) = kind.as_bytes().strip_prefix(b"application/grpc") else { return false };
    matches!(rest.first(), None | Some(b'+' | b';'))
}

/// `rpc.method`: the path of a call without the slash before it.
pub(super) fn method(path: &str) -> &str {
    path.strip_prefix('/').unwrap_or(path)
}

/// A status code of gRPC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct GrpcStatus {
    code: u8,
}

/// By their numbers.
pub(super) const NAMES: [&str; 17] = [
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
];

impl GrpcStatus {
    const OK: Self = Self { code: 0 };
    /// What a call without a status had.
    pub(super) const UNKNOWN: Self = Self { code: 2 };
    const DEADLINE_EXCEEDED: Self = Self { code: 4 };
    pub(super) const UNIMPLEMENTED: Self = Self { code: 12 };
    const INTERNAL: Self = Self { code: 13 };
    const UNAVAILABLE: Self = Self { code: 14 };
    const DATA_LOSS: Self = Self { code: 15 };
    const UNAUTHENTICATED: Self = Self { code: 16 };
    const PERMISSION_DENIED: Self = Self { code: 7 };

    /// That in trailers, or in the headers of an answer that has nothing else.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let code = headers.get("grpc-status")?.to_str().ok()?.parse().ok();
        // As clients take what they do not know.
        Some(
            code.map(|code| Self { code }).filter(|status| status.known().is_some()).unwrap_or(Self::UNKNOWN),
        )
    }

    /// What a client takes an answer for that has no status of gRPC: see the
    /// [mapping](https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md).
    pub(super) fn of_http(status: StatusCode) -> Self {
        match status.as_u16() {
            400 => Self::INTERNAL,
            401 => Self::UNAUTHENTICATED,
            403 => Self::PERMISSION_DENIED,
            404 => Self::UNIMPLEMENTED,
            429 | 502..=504 => Self::UNAVAILABLE,
            _ => Self::UNKNOWN,
        }
    }

    fn known(self) -> Option<&'static str> {
        NAMES.get(usize::from(self.code)).copied()
    }

    /// `rpc.response.status_code`.
    pub(super) fn name(self) -> &'static str {
        self.known().unwrap_or("UNKNOWN")
    }

    /// Whether the server failed, not the call.
    pub(super) fn is_error_of_server(self) -> bool {
        [
            Self::UNKNOWN,
            Self::DEADLINE_EXCEEDED,
            Self::UNIMPLEMENTED,
            Self::INTERNAL,
            Self::UNAVAILABLE,
            Self::DATA_LOSS,
        ]
        .contains(&self)
    }

    /// Whether the caller has no answer.
    pub(super) fn is_error_of_client(self) -> bool {
        self != Self::OK
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn calls_are_told_by_their_content_type() {
        let is = |kind: &'static str| {
            is_call(&HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(kind))]))
        };
        assert!(is("application/grpc") && is("application/grpc+proto") && is("application/grpc; charset=x"));
        assert!(!is("application/grpc-web+proto") && !is("application/json"));
        assert!(!is_call(&HeaderMap::new()));
    }

    #[test]
    fn a_status_is_one_of_seventeen() {
        let of = |code: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("grpc-status", HeaderValue::from_static(code));
            GrpcStatus::of(&headers).map(GrpcStatus::name)
        };
        assert_eq!(of("0"), Some("OK"));
        assert_eq!(of("16"), Some("UNAUTHENTICATED"));
        assert_eq!([of("17"), of("-1"), of("x"), of("999")], [Some("UNKNOWN"); 4]);
        assert_eq!(GrpcStatus::of(&HeaderMap::new()), None);
    }
}
