//! Headers and queries that a program asks for, without the secrets in them.

use std::borrow::Cow;

use http::header::{CONTENT_LOCATION, LOCATION, REFERER};
use http::{HeaderMap, HeaderName, HeaderValue, Uri};
use opentelemetry::{Array, Key, KeyValue, StringValue, Value};

use crate::export::text;

use super::exchange::Protocol;
use super::secret;

/// What stands in place of a secret, as the convention has it.
pub(super) const REDACTED: &str = "REDACTED";

/// Headers whose values are URLs, which may have secrets in their queries.
const URL_HEADERS: [HeaderName; 3] = [CONTENT_LOCATION, LOCATION, REFERER];

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Capture {
    pub(super) request_headers: Vec<CapturedHeader>,
    pub(super) response_headers: Vec<CapturedHeader>,
    /// Whether the values of queries are.
    pub(super) query: bool,
    /// What is no secret although it is called one.
    pub(super) revealed: Vec<String>,
}

/// What both layers are told alike. They have a method `capture`.
macro_rules! capturing {
    ($layer:ident) => {
        impl $layer {
            /// Records these headers of requests as attributes `http.request.header.<name>`. Values of headers that
            /// commonly hold secrets, such as `authorization` and `cookie`, and those that are marked sensitive, become
            /// `REDACTED`.
            #[must_use]
            pub fn capture_request_headers(
                mut self,
                names: impl IntoIterator<Item = ::http::HeaderName>,
            ) -> Self {
                let headers = names.into_iter().map($crate::middleware::capture::CapturedHeader::of_request);
                self.capture().request_headers.extend(headers);
                self
            }

            /// The same of responses, as `http.response.header.<name>`.
            #[must_use]
            pub fn capture_response_headers(
                mut self,
                names: impl IntoIterator<Item = ::http::HeaderName>,
            ) -> Self {
                let headers = names.into_iter().map($crate::middleware::capture::CapturedHeader::of_response);
                self.capture().response_headers.extend(headers);
                self
            }

            /// Whether the values of queries are recorded: in `url.query` of servers, which have none otherwise, and in
            /// `url.full` of clients, where they are `REDACTED` otherwise. Those of parameters that commonly hold secrets
            /// are so in any case. Default: false.
            #[must_use]
            pub fn capture_query(mut self, is_on: bool) -> Self {
                self.capture().query = is_on;
                self
            }

            /// Headers and query parameters that are recorded as they are although secrets are commonly called so.
            #[must_use]
            pub fn reveal<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
                self.capture().revealed.extend(names.into_iter().map(Into::into));
                self
            }
        }
    };
}
pub(super) use capturing;

/// A header, and the attribute that its values become.
#[derive(Clone, Debug)]
pub(super) struct CapturedHeader {
    name: HeaderName,
    http: Key,
    rpc: Key,
}

impl CapturedHeader {
    pub(super) fn of_request(name: HeaderName) -> Self {
        Self::new("request", name)
    }

    pub(super) fn of_response(name: HeaderName) -> Self {
        Self::new("response", name)
    }

    fn new(message: &str, name: HeaderName) -> Self {
        // Shared, because each request has the key.
        let key = |key: String| std::sync::Arc::<str>::from(key).into();
        let http = key(format!("http.{message}.header.{name}"));
        let rpc = key(format!("rpc.{message}.metadata.{name}"));
        Self { name, http, rpc }
    }
}

impl Capture {
    /// The attributes of those headers that there are.
    pub(super) fn headers(
        &self,
        wanted: &[CapturedHeader],
        protocol: Protocol,
        headers: &HeaderMap,
        mut add: impl FnMut(KeyValue),
    ) {
        for CapturedHeader { name, http, rpc } in wanted {
            let key = if protocol == Protocol::Http { http } else { rpc };
            let (is_secret, is_url) = (secret::is_secret(name.as_str()), URL_HEADERS.contains(name));
            let is_revealed = self.is_revealed(name.as_str());
            let text = |value: &HeaderValue| -> StringValue {
                match (is_secret || value.is_sensitive(), is_url) {
                    (true, _) if !is_revealed => REDACTED.into(),
                    (_, true) if !is_revealed => bounded(&self.url_text(value)).into_owned().into(),
                    _ => of_caller(value).into(),
                }
            };
            let values: Vec<_> = headers.get_all(name).iter().map(text).collect();
            if !values.is_empty() {
                add(KeyValue::new(key.clone(), Value::Array(Array::String(values))));
            }
        }
    }

    /// A query with its names, and those values that are asked for and no secrets.
    pub(super) fn query(&self, query: &str) -> String {
        let mut shown = String::with_capacity(query.len());
        for pair in query.split_inclusive(['&', ';']) {
            let (pair, separator) = match pair.strip_suffix(['&', ';']) {
                Some(rest) => (rest, pair.get(rest.len()..)),
                None => (pair, None),
            };
            let (name, value) = match pair.split_once('=') {
                Some((name, value)) => (Some(name), value),
                None => (None, pair),
            };
            if let Some(name) = name {
                shown.push_str(name);
                shown.push('=');
            }
            let is_shown = value.is_empty() || (self.query && !name.is_some_and(|name| self.is_secret(name)));
            shown.push_str(if is_shown { value } else { REDACTED });
            shown.push_str(separator.unwrap_or_default());
        }
        bounded(&shown).into_owned()
    }

    /// A URL without its credentials, and with its query as [`query`](Self::query) shows it. None without a host.
    pub(super) fn url(&self, url: &Url<'_>) -> Option<String> {
        let Url { scheme, has_credentials, host, port, path, query } = url;
        let (scheme, host) = (scheme.unwrap_or("http"), (*host)?);
        let credentials = if *has_credentials { "REDACTED:REDACTED@" } else { "" };
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        let mut shown = format!("{scheme}://{credentials}{host}{port}{path}");
        if let Some(query) = query {
            shown.push('?');
            shown.push_str(&self.query(query));
        }
        Some(shown)
    }

    /// The URL in a header, as [`url`](Self::url) shows it, or what it says of a path.
    fn url_text(&self, value: &HeaderValue) -> String {
        // The host of a URL without a scheme is none for `Uri`, which takes it, and credentials, for a path.
        if value.as_bytes().starts_with(b"//") {
            return REDACTED.to_owned();
        }
        let Ok(uri) = Uri::try_from(value.as_bytes()) else { return REDACTED.to_owned() };
        let url = Url::from(&uri);
        self.url(&url).unwrap_or_else(|| match url.query {
            Some(query) => format!("{}?{}", url.path, self.query(query)),
            None => url.path.to_owned(),
        })
    }

    /// What an error says, in which there may be URLs, queries, and secrets by their names.
    pub(super) fn text(&self, said: &str) -> String {
        let mut shown = String::with_capacity(said.len());
        for word in said.split_inclusive(|c: char| c.is_whitespace() || "<>\"'`".contains(c)) {
            let is_around = |c: char| c.is_whitespace() || "<>\"'`()[]{},;:.".contains(c);
            let bare = word.trim_matches(is_around);
            match self.word(bare) {
                Some(redacted) => shown.push_str(&word.replacen(bare, &redacted, 1)),
                None => shown.push_str(word),
            }
        }
        shown
    }

    /// What to show in place of a word. None for what has nothing to hide.
    fn word(&self, word: &str) -> Option<String> {
        if word.contains("://") {
            let url = Uri::try_from(word).ok().and_then(|uri| self.url(&Url::from(&uri)));
            return Some(url.unwrap_or_else(|| REDACTED.to_owned()));
        }
        if let Some((path, query)) = word.split_once('?') {
            return Some(format!("{path}?{}", self.query(query)));
        }
        let (name, _) = word.split_once('=')?;
        self.is_secret(name).then(|| format!("{name}={REDACTED}"))
    }

    fn is_secret(&self, parameter: &str) -> bool {
        // A name that is encoded is not worth decoding: few are, and it may be anything.
        let is_encoded = parameter.contains(['%', '+']);
        is_encoded || (secret::is_secret(parameter) && !self.is_revealed(parameter))
    }

    fn is_revealed(&self, name: &str) -> bool {
        self.revealed.iter().any(|revealed| revealed.eq_ignore_ascii_case(name))
    }
}

/// The most bytes of what a caller sends that are kept of one value, with an ellipsis in place of the rest: a queue of spans
/// is bounded in bytes, and nobody's requests are to fill it for all others.
const LONGEST: usize = 1024;

/// What a header of a caller's says.
pub(super) fn of_caller(value: &HeaderValue) -> String {
    let bytes = value.as_bytes();
    let said = String::from_utf8_lossy(bytes.get(..LONGEST + 4).unwrap_or(bytes));
    bounded(&said).into_owned()
}

/// As much of it as is kept, with no more room than that takes.
pub(super) fn bounded(said: &str) -> Cow<'_, str> {
    if said.len() <= LONGEST { said.into() } else { text::cut(&said, LONGEST).into() }
}

/// The parts of a URL, as far as it has them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Url<'a> {
    pub(super) scheme: Option<&'a str>,
    pub(super) has_credentials: bool,
    pub(super) host: Option<&'a str>,
    pub(super) port: Option<u16>,
    pub(super) path: &'a str,
    pub(super) query: Option<&'a str>,
}

#[cfg(test)]
mod tests {
    use http::header::{ACCEPT, AUTHORIZATION};

    use super::*;

    fn shown(capture: &Capture, headers: &HeaderMap) -> Vec<String> {
        let mut shown = Vec::new();
        capture.headers(&capture.request_headers, Protocol::Http, headers, |pair| {
            shown.push(format!("{}={}", pair.key, pair.value));
        });
        shown
    }

    #[test]
    fn headers_that_are_secrets_are_only_shown_when_they_are_said_to_be_none() {
        let headers = HeaderMap::from_iter([
            (AUTHORIZATION, HeaderValue::from_static("Bearer hunter2")),
            (ACCEPT, HeaderValue::from_static("a")),
            (ACCEPT, HeaderValue::from_static("b")),
        ]);
        let mut both = headers.clone();
        both.append(ACCEPT, HeaderValue::from_static("c"));
        let request_headers = [AUTHORIZATION, ACCEPT].map(CapturedHeader::of_request).to_vec();
        let mut capture = Capture { request_headers, ..Capture::default() };
        assert_eq!(shown(&capture, &both)[0], r#"http.request.header.authorization=["REDACTED"]"#);
        assert!(shown(&capture, &both)[1].ends_with(r#""c"]"#));
        capture.revealed.push("authorization".to_owned());
        assert_eq!(shown(&capture, &headers)[0], r#"http.request.header.authorization=["Bearer hunter2"]"#);
        assert!(shown(&capture, &HeaderMap::new()).is_empty());
    }

    #[test]
    fn a_value_that_is_marked_is_a_secret() {
        let mut value = HeaderValue::from_static("hunter2");
        value.set_sensitive(true);
        let request_headers = vec![CapturedHeader::of_request(ACCEPT)];
        let capture = Capture { request_headers, ..Capture::default() };
        let headers = HeaderMap::from_iter([(ACCEPT, value)]);
        assert_eq!(shown(&capture, &headers), [r#"http.request.header.accept=["REDACTED"]"#]);
    }

    #[test]
    fn queries_show_what_is_asked_for_and_no_secret() {
        let quiet = Capture::default();
        assert_eq!(quiet.query("page=2&token=x&flag&empty="), "page=REDACTED&token=REDACTED&REDACTED&empty=");
        let mut capture = Capture { query: true, ..Capture::default() };
        assert_eq!(
            capture.query("page=2&SIG=x&%73ig=x&flag&a=b=c"),
            "page=2&SIG=REDACTED&%73ig=REDACTED&flag&a=b=c"
        );
        capture.revealed.push("sig".to_owned());
        assert_eq!(capture.query("Sig=x&"), "Sig=x&");
    }

    #[test]
    fn errors_are_shown_without_the_secrets_in_them() {
        for (said, shown) in [
            ("connection refused (os error 111)", "connection refused (os error 111)"),
            (
                "no answer (\"https://me:hunter2@shop/a?token=hunter2\"): gone",
                "no answer (\"https://REDACTED:REDACTED@shop/a?token=REDACTED\"): gone",
            ),
            ("GET /a?sig=hunter2, too late", "GET /a?sig=REDACTED, too late"),
            ("rejected: password=hunter2;", "rejected: password=REDACTED;"),
            ("http://me:hunter2:80/ is none", "REDACTED is none"),
            ("size=3 \u{e9}\t http", "size=3 \u{e9}\t http"),
            ("", ""),
        ] {
            assert_eq!(Capture::default().text(said), shown);
        }
    }

    #[test]
    fn urls_have_no_credentials() {
        let url = Url {
            scheme: Some("https"),
            has_credentials: true,
            host: Some("shop"),
            port: Some(8443),
            path: "/a",
            query: Some("q=secret"),
        };
        let shown = Capture::default().url(&url);
        assert_eq!(shown.as_deref(), Some("https://REDACTED:REDACTED@shop:8443/a?q=REDACTED"));
        assert_eq!(Capture::default().url(&Url { host: None, ..url }), None);
    }
}
