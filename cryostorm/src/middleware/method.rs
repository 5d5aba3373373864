//! Request methods, of which metrics know a few.

use http::Method;

/// What stands for methods and procedures that nobody has heard of.
pub(super) const OTHER: &str = "_OTHER";

/// Those that RFC 9110 and RFC 5789 define, and what stands for others.
pub(super) const NAMES: [&str; 10] =
    ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT", OTHER];

/// `http.request.method`: one of [`NAMES`].
pub(super) fn known(method: &Method) -> &'static str {
    NAMES.into_iter().find(|known| *known == method.as_str()).unwrap_or(OTHER)
}

/// What a span is called by the method.
pub(super) fn in_name(known: &'static str) -> &'static str {
    if known == OTHER { "HTTP" } else { known }
}
