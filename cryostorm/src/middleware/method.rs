//! Request methods, of which metrics know a few.

use http::Method;

/// What stands for methods and procedures that nobody has heard of.
pub(super) const OTHER: &str = "_OTHER";

/// `http.request.method`: one of the methods that RFC 9110 and RFC 5789 define, else `_OTHER`.
pub(super) fn known(method: &Method) -> &'static str {
    const KNOWN: [(Method, &str); 9] = [
        (Method::GET, "GET"),
        (Method::POST, "POST"),
        (Method::PUT, "PUT"),
        (Method::PATCH, "PATCH"),
        (Method::DELETE, "DELETE"),
        (Method::HEAD, "HEAD"),
        (Method::OPTIONS, "OPTIONS"),
        (Method::TRACE, "TRACE"),
        (Method::CONNECT, "CONNECT"),
    ];
    KNOWN.iter().find(|(known, _)| known == method).map_or(OTHER, |(_, name)| name)
}

/// What a span is called by the method.
pub(super) fn in_name(known: &'static str) -> &'static str {
    if known == OTHER { "HTTP" } else { known }
}
